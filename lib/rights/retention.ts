/** What retention removes, in the order in which it must: outcomes before the attempts by which they are found. */
export const retentionClasses = [
  "message_contents",
  "message_drafts",
  "inbound_bodies",
  "inbound_media",
  "outcomes",
  "attempts",
  "refusals",
  "message_ids",
  "click_agents",
  "conversion_hashes",
  "consent_evidence",
  "consent_events",
  "webhook_names",
  "webhook_bodies",
  "sessions",
  "sign_in_failures",
  "packages",
  "request_details",
  "api_answers",
] as const;
export type RetentionClass = (typeof retentionClasses)[number];
