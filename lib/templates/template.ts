/** Statuses of Meta that we know by name; others are stored as they come (README, States). Only APPROVED is sent. */
export const SENDABLE_STATUS = "APPROVED";

export const templateCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

/** Webhooks spell `en-US` what the API spells `en_US` (whatsapp/cloud-api.md 5.5). */
export function normaliseLanguage(language: string): string {
  return language.replace("-", "_");
}

/** What a webhook reports about one template; which field came decides what is set. */
export interface TemplateReport {
  wabaId: string;
  /** Meta's id, digits. */
  metaId: string;
  name: string;
  language: string;
  /** `APPROVED`, `REJECTED`, `PAUSED`, … */
  event?: string;
  reason?: string;
  category?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
  quality?: string;
}

/** The status behind a webhook's event: two of them announce that an approved template may be sent again. */
export function statusOfEvent(event: string): string {
  return event === "REINSTATED" || event === "UNPAUSED" ? SENDABLE_STATUS : event;
}
