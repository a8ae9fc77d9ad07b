import type { MediaContent, MessageContent } from "@/lib/whatsapp/webhook-items";

export const mediaStates = ["waiting", "kept", "too_large", "unwanted", "gone"] as const;
/**
 * - `waiting`: not fetched yet
 * - `kept`: sealed under the person's key
 * - `too_large`, `unwanted`: not fetched, by our own limits
 * - `gone`: Meta no longer had it, or could not be asked in time
 */
export type MediaState = (typeof mediaStates)[number];

const MEGABYTE = 1024 * 1024;
/** Meta carries documents up to 100 MB; what people send us is kept in the database. */
export const MOST_INBOUND_BYTES = 16 * MEGABYTE;
/** Meta forgets what people send after seven days (cloud-api 4). */
export const MEDIA_DAYS = 7;

const office = "application/vnd.openxmlformats-officedocument";
/** What WhatsApp carries (cloud-api 2.4) and opening cannot harm by itself: no pages, scripts, archives or programs. */
const wanted: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/webp",
  "video/mp4",
  "video/3gpp",
  "audio/aac",
  "audio/amr",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/opus",
  "application/pdf",
  "text/plain",
  "text/csv",
  "application/msword",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  `${office}.wordprocessingml.document`,
  `${office}.spreadsheetml.sheet`,
  `${office}.presentationml.presentation`,
]);
/** Pictures that a browser shows on a page; everything else is only handed over as a file. */
const shown: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp"]);

/** The file that came with a message; undefined when none did. */
export function mediaOf(content: MessageContent): MediaContent | undefined {
  return content.type === "media" ? content : undefined;
}

/** Whether a file is kept, by what Meta says of it before it is fetched. */
export function judgeFile({
  mimeType,
  byteSize,
}: {
  mimeType: string;
  byteSize: number;
}): "kept" | "too_large" | "unwanted" {
  if (!wanted.has(baseType(mimeType))) return "unwanted";
  return byteSize > MOST_INBOUND_BYTES ? "too_large" : "kept";
}

/** `audio/ogg; codecs=opus` is `audio/ogg`. */
export function baseType(mimeType: string): string {
  return (mimeType.split(";")[0] ?? "").trim().toLowerCase();
}

export function isShown(mimeType: string): boolean {
  return shown.has(mimeType);
}

/** Where a sealed file belongs, as additional authenticated data. */
export function filePlace(messageId: string): string {
  return `inbound_media|sealed|${messageId}`;
}
