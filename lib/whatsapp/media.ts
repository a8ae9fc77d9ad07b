const DAY_MS = 86_400_000;
/** Meta keeps an uploaded file for 30 days (Meta: "Media"). */
const KEPT_MS = 30 * DAY_MS;

/** A file at Meta: what messages name, instead of sending the file anew, until it expires. */
export interface UploadedMedia {
  /** Media id. */
  id: string;
  expiresAt: Date;
}

/** A file that was uploaded just now. */
export function freshUpload(id: string, at: Date): UploadedMedia {
  return { id, expiresAt: new Date(at.getTime() + KEPT_MS) };
}
