import * as z from "zod";

const sentence = z.string().trim().max(1_000);

/**
 * What people are told beside the text itself, as a consent record must be able to say (ISO/IEC TS 27560). Empty where the
 * organisation has not said it.
 */
export const WordingNotice = z.object({
  /** What the button says that accepts. */
  button: z.string().trim().max(60).default(""),
  controllerAddress: sentence.default(""),
  controllerContact: sentence.default(""),
  /** Who gets the data: Meta always does. */
  recipients: sentence.default(""),
  storage: sentence.default(""),
  retention: sentence.default(""),
  withdrawal: sentence.default(""),
  rights: sentence.default(""),
  authority: sentence.default(""),
  /** SHA-256 of the privacy notice's text, in hex. */
  privacyNoticeSha256: z.union([z.literal(""), z.string().regex(/^[0-9a-f]{64}$/)]).default(""),
});
export type WordingNotice = z.output<typeof WordingNotice>;

/** What is known of a text's notice; texts from before notices were kept have none. */
export function readNotice(stored: unknown): WordingNotice {
  return WordingNotice.catch(WordingNotice.parse({})).parse(stored ?? {});
}

/** The text to show to somebody who reads this language: the newest in it, else the newest of all. Revoked ones never. */
export function wordingFor<W extends { language: string; revokedAt: Date | null; createdAt: Date }>(
  wordings: readonly W[],
  language: string,
): W | undefined {
  const newestFirst = wordings
    .filter(({ revokedAt }) => revokedAt === null)
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  const primary = (tag: string) => tag.toLowerCase().split("-")[0];
  return newestFirst.find((one) => primary(one.language) === primary(language)) ?? newestFirst[0];
}
