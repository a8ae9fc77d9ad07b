/** What retention removes, in the order in which it must: outcomes before the attempts by which they are found. */
export const retentionClasses = [
  "message_contents",
  "inbound_bodies",
  "outcomes",
  "attempts",
  "refusals",
  "consent_evidence",
  "consent_events",
  "webhook_names",
  "webhook_bodies",
  "sessions",
  "sign_in_failures",
  "packages",
] as const;
export type RetentionClass = (typeof retentionClasses)[number];
