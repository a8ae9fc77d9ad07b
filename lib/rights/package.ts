import * as z from "zod";

const instant = z.iso.datetime();
const optional = instant.nullable();
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What was left out because it is about somebody else, and the reason as a code. */
export const redactionReasons = ["third_party", "trade_secret"] as const;
const redacted = z.enum(redactionReasons).optional();

const wording = z.object({
  label: z.string(),
  language: z.string(),
  text: z.string(),
  controller: z.string(),
  privacyNoticeUrl: z.string(),
});

/** A place in the ledger: the entry, and its index once it has one. */
const proof = z.object({ entry: z.string(), index: z.number().nullable() });

/** Everything that we hold about one person. The JSON that they get is exactly this; the readable page is made from it. */
export const AccessPackage = z.object({
  format: z.literal("contraste-access/1"),
  generatedAt: instant,
  controllers: z.array(z.object({ brand: z.string(), controller: z.string() })),
  person: z.object({
    id: z.string(),
    name: z.string().nullable(),
    country: z.string().nullable(),
    language: z.string().nullable(),
    timeZone: z.string().nullable(),
    ageAtLeast: z.number().nullable(),
    attributes: facts,
    knownSince: instant,
    restrictedSince: optional,
  }),
  identifiers: z.array(z.object({ kind: z.string(), value: z.string(), since: instant, until: optional })),
  consent: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      purpose: z.string().nullable(),
      scope: z.string(),
      lawfulBasis: z.string(),
      source: z.string(),
      reportedBy: z.enum(["person", "others"]),
      at: instant,
      recordedAt: instant,
      wording: wording.nullable(),
      evidence: facts.nullable(),
      redacted,
      proof,
    }),
  ),
  consentNow: z.array(z.object({ purpose: z.string(), status: z.string(), until: optional })),
  blocks: z.array(z.object({ kind: z.string(), scope: z.string(), since: instant, until: optional, lifted: optional })),
  messages: z.array(
    z.object({
      id: z.string(),
      campaign: z.string().nullable(),
      experimentArm: z.string().nullable(),
      state: z.string(),
      reason: z.string().nullable(),
      template: z.object({ name: z.string(), language: z.string(), category: z.string() }).nullable(),
      /** Word for word, lines of header, body, footer and buttons. */
      text: z.array(z.string()).nullable(),
      plannedAt: instant,
      acceptedAt: optional,
      sentAt: optional,
      deliveredAt: optional,
      readAt: optional,
      failedAt: optional,
      clickedAt: optional,
      repliedAt: optional,
      proof: proof.nullable(),
    }),
  ),
  received: z.array(
    z.object({
      id: z.string(),
      at: instant,
      type: z.string(),
      text: z.string().nullable(),
      details: z.json().nullable(),
      /** The file that came with it. Packages that were made before files were kept have none. */
      file: z
        .object({
          mimeType: z.string(),
          byteSize: z.int(),
          /** Null: more than a package can carry; handed over apart. */
          base64: z.string().nullable(),
        })
        .nullable()
        .default(null),
      redacted,
    }),
  ),
  clicks: z.array(
    z.object({ at: instant, campaign: z.string(), device: z.string().nullable(), isPerson: z.boolean() }),
  ),
  purchases: z.array(
    z.object({ at: instant, source: z.string(), order: z.string(), amountMicros: z.number(), currency: z.string() }),
  ),
  segments: z.array(z.string()),
  recipients: z.array(z.object({ name: z.string(), role: z.string(), where: z.string() })),
  retention: z.array(z.object({ what: z.string(), kept: z.string() })),
  /** The signed state of the ledger at that time: with it anybody can check the proofs. */
  checkpoint: z.string().nullable(),
});
export type AccessPackage = z.infer<typeof AccessPackage>;

export interface Redaction {
  /** `received:<id>` or `consent:<id>`. */
  item: string;
  reason: (typeof redactionReasons)[number];
}

/** The package without what is about somebody else; that something is missing, and why, stays visible. */
export function redact(whole: AccessPackage, redactions: readonly Redaction[]): AccessPackage {
  const reasons = new Map(redactions.map(({ item, reason }) => [item, reason]));
  return {
    ...whole,
    consent: whole.consent.map((event) => {
      const reason = reasons.get(`consent:${event.id}`);
      return reason ? { ...event, evidence: null, redacted: reason } : event;
    }),
    received: whole.received.map((message) => {
      const reason = reasons.get(`received:${message.id}`);
      return reason ? { ...message, text: null, details: null, file: null, redacted: reason } : message;
    }),
  };
}

/**
 * What may be taken elsewhere (GDPR 20): what the person gave us or was observed of them, and nothing that we concluded from
 * it or keep for our own proof.
 */
export function portablePart(whole: AccessPackage) {
  const { format, generatedAt, person, identifiers, consent, consentNow, received, clicks, purchases } = whole;
  return {
    format,
    generatedAt,
    person,
    identifiers,
    consent: consent.map(({ proof: _, ...event }) => event),
    consentNow,
    received,
    clicks,
    purchases,
  };
}
