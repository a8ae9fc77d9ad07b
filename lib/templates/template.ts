/** Statuses of Meta that we know by name; others are stored as they come (README, States). Only APPROVED is sent. */
export const SENDABLE_STATUS = "APPROVED";

export const templateCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

/** Webhooks spell `en-US` what the API spells `en_US` (whatsapp/cloud-api.md 5.5). */
export function normaliseLanguage(language: string): string {
  return language.replace("-", "_");
}

/**
 * The status behind a webhook's event. Some announce that an approved template may be sent again; `UNARCHIVED` too:
 * only approved ones are archived.
 */
export function statusOfEvent(event: string, current: string): string {
  switch (event.toUpperCase()) {
    case "REINSTATED":
    case "UNPAUSED":
      return SENDABLE_STATUS;
    case "UNARCHIVED":
      return current === "ARCHIVED" ? SENDABLE_STATUS : current;
    default:
      return event.toUpperCase();
  }
}

/** Meta takes changes of a template in these states only (whatsapp/cloud-api.md 5.1). */
export const editableStatuses = ["APPROVED", "REJECTED", "PAUSED"] as const;
