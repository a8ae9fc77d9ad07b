const DAY_MS = 86_400_000;
/** Meta keeps an uploaded file for 30 days (Meta: "Media"). */
const KEPT_MS = 30 * DAY_MS;

/** A file at Meta: what a message names, as long as it is there. */
export interface UploadedMedia {
  /** Media id. */
  id: string;
  expiresAt: Date;
}

/** A file that was uploaded just now. */
export function uploadedAt(id: string, at: Date): UploadedMedia {
  return { id, expiresAt: new Date(at.getTime() + KEPT_MS) };
}

/**
 * Whether an upload can be used again instead of sending the file anew.
 * @param until when the last message that names it leaves: Meta fetches the file then
 */
export function isStillThere(media: UploadedMedia, until: Date): boolean {
  return media.expiresAt > until;
}
