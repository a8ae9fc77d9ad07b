import * as z from "zod";

/** Records of processing (GDPR 30), impact assessment (35), processors (28). */
export const recordKinds = ["ropa", "dpia", "processors"] as const;
export type RecordKind = (typeof recordKinds)[number];

/** What people write themselves, by record; everything else is made from what the product knows. */
export const recordFields = {
  ropa: ["officer", "people", "transfers", "measures", "notes"],
  dpia: ["description", "necessity", "risks", "measures", "advice", "signOff"],
  processors: ["others", "notes"],
} as const satisfies Record<RecordKind, readonly string[]>;

const text = z.string().trim().max(20_000).default("");
export const SaveRecordInput = z.object({ kind: z.enum(recordKinds), texts: z.record(z.string().max(40), text) });
export const recordTexts = z.record(z.string(), z.string());

/** What the product knows, at the moment of looking or of saving. */
export const GeneratedRecord = z.object({
  people: z.number(),
  activities: z.array(
    z.object({
      purpose: z.string(),
      brand: z.string(),
      controller: z.string(),
      category: z.string(),
      lawfulBasis: z.string(),
      validityDays: z.number(),
      retentionDays: z.number(),
      granted: z.number(),
    }),
  ),
  sources: z.array(z.string()),
  attributes: z.array(z.string()),
  countries: z.array(z.string()),
  recipients: z.array(z.object({ name: z.string(), role: z.string(), where: z.string(), safeguard: z.string() })),
  retention: z.array(z.object({ what: z.string(), kept: z.string() })),
});
export type GeneratedRecord = z.infer<typeof GeneratedRecord>;

/** Only the fields of the record; what is unknown is left out. */
export function ownTexts(kind: RecordKind, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(recordFields[kind].map((field) => [field, texts[field] ?? ""]));
}
