/** Why somebody is blocked (compliance/design.md 1.6). */
export const suppressionKinds = [
  "withdrawn",
  "meta_stop",
  "review",
  "complaint",
  "legal",
  "external_list",
  "erased",
  "test",
] as const;
export type SuppressionKind = (typeof suppressionKinds)[number];

/** A block that outranks every opt-in. Active until `until`, or for good, unless lifted. */
export interface NewSuppression {
  contactId: string;
  kind: SuppressionKind;
  scope: "all_marketing" | "all";
  since: Date;
  until?: Date | null;
  reasonEventId?: string | null;
}
