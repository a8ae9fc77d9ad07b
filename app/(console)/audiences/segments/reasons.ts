/** Why somebody may not be written to, as the queries name it; each has its words in the catalogue. */
const reasons = [
  "erased",
  "restricted",
  "no_consent",
  "consent_pending",
  "consent_denied",
  "consent_withdrawn",
  "consent_expired",
  "consent_invalidated",
  "wording_revoked",
  "suppressed_withdrawn",
  "suppressed_meta_stop",
  "suppressed_review",
  "suppressed_complaint",
  "suppressed_legal",
  "suppressed_external_list",
  "suppressed_erased",
  "suppressed_test",
] as const;

export function reasonKey(reason: string): (typeof reasons)[number] | "other" {
  return reasons.find((known) => known === reason) ?? "other";
}
