import * as z from "zod";
import {
  buttonValue,
  type HeaderValue,
  locationValue,
  type MediaSource,
  parameterValue,
  type TemplateValues,
} from "@/lib/whatsapp/template-values";

/** A file of ours, whatever id Meta has for it at the moment, or one that Meta fetches itself. */
const media = z.union([z.object({ mediaId: z.uuid() }), z.object({ link: z.string() })]);
const header = z.union([
  z.object({ kind: z.enum(["image", "video"]), media }),
  z.object({ kind: z.literal("document"), media, filename: z.string().optional() }),
  locationValue.extend({ kind: z.literal("location") }),
  parameterValue.extend({ kind: z.literal("text").optional() }),
]);
export type ResolvedHeader = z.infer<typeof header>;
const cardValues = z.object({
  header: header.optional(),
  body: z.array(parameterValue),
  buttons: z.array(buttonValue),
});
export type ResolvedCard = z.infer<typeof cardValues>;

/** What fills a template for one person: kept sealed beside the message, so that it can be shown word for word. */
export const resolvedValues = cardValues.extend({
  offer: z.object({ expiresAtMs: z.int() }).optional(),
  cards: z.array(cardValues).optional(),
});
export type ResolvedValues = z.infer<typeof resolvedValues>;

/**
 * The same as Meta takes it: files by the ids that Meta knows them under.
 *
 * @param metaIds Meta's id by ours
 * @returns undefined when a file is not at Meta
 */
export function valuesForMeta(
  values: ResolvedValues,
  metaIds: ReadonlyMap<string, string>,
): TemplateValues | undefined {
  const cards = values.cards?.map((card) => cardForMeta(card, metaIds));
  const own = cardForMeta(values, metaIds);
  if (!own || cards?.includes(undefined)) return undefined;
  return {
    ...own,
    ...(values.offer && { offer: values.offer }),
    ...(cards && { cards: cards.filter((card) => card !== undefined) }),
  };
}

function cardForMeta({ header, body, buttons }: ResolvedCard, metaIds: ReadonlyMap<string, string>) {
  const own = header && headerForMeta(header, metaIds);
  return header && !own ? undefined : { ...(own && { header: own }), body, buttons };
}

function headerForMeta(header: ResolvedHeader, metaIds: ReadonlyMap<string, string>): HeaderValue | undefined {
  if (!("media" in header)) return header;
  const source = sourceOf(header.media, metaIds);
  if (!source) return undefined;
  const { kind } = header;
  return kind === "document" ? { kind, media: source, filename: header.filename } : { kind, media: source };
}

function sourceOf(file: z.infer<typeof media>, metaIds: ReadonlyMap<string, string>): MediaSource | undefined {
  if ("link" in file) return file;
  const id = metaIds.get(file.mediaId);
  return id === undefined ? undefined : { id };
}

/** The files of ours that a message carries. */
export function mediaIn(values: ResolvedValues): string[] {
  return [values, ...(values.cards ?? [])].flatMap(({ header }) =>
    header && "media" in header && "mediaId" in header.media ? [header.media.mediaId] : [],
  );
}
