/** What an officer says against one consent of a person. */
export interface RequestInvalidation {
  contactId: string;
  purposeId: string;
  /** Kept sealed with the request, and as evidence of the event. */
  reason: string;
}

export interface DecideInvalidation {
  invalidationId: string;
  decision: "invalidated" | "refused";
}

/** Where the reason of a request belongs, as its additional authenticated data. */
export function reasonPlace(invalidationId: string): string {
  return `consent_invalidations|reason_sealed|${invalidationId}`;
}
