/** Kinds of files that stand in the header of a message. */
export type MediaKind = "image" | "video" | "document";

const MEGABYTE = 1024 * 1024;

/** Bytes. Meta takes documents up to 100 MB; ours are kept in the database, and 16 MB is a long brochure. */
export const mediaLimits: Readonly<Record<MediaKind, number>> = {
  image: 5 * MEGABYTE,
  video: 16 * MEGABYTE,
  document: 16 * MEGABYTE,
};
export const MOST_MEDIA_BYTES = 16 * MEGABYTE;

/** What file choosers offer. */
export const mediaAccept: Readonly<Record<MediaKind, string>> = {
  image: "image/jpeg,image/png",
  video: "video/mp4,video/3gpp",
  document: "application/pdf,.pdf,.docx,.xlsx,.pptx,.txt",
};

const office: Readonly<Record<string, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

/**
 * What a file is, by its first bytes and not by what its sender says; undefined when WhatsApp would not take it. Word,
 * Excel and PowerPoint are all zip files: there the name decides.
 */
export function recogniseMedia(bytes: Uint8Array, fileName: string): { kind: MediaKind; mimeType: string } | undefined {
  const head = Buffer.from(bytes.subarray(0, 12));
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  if (head.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff))) return { kind: "image", mimeType: "image/jpeg" };
  if (head.subarray(0, 4).equals(Buffer.of(0x89, 0x50, 0x4e, 0x47))) return { kind: "image", mimeType: "image/png" };
  if (head.toString("latin1", 4, 8) === "ftyp") {
    const is3gp = head.toString("latin1", 8, 11) === "3gp";
    return { kind: "video", mimeType: is3gp ? "video/3gpp" : "video/mp4" };
  }
  if (head.toString("latin1", 0, 5) === "%PDF-") return { kind: "document", mimeType: "application/pdf" };
  const officeType = Object.hasOwn(office, extension) ? office[extension] : undefined;
  if (officeType && head.toString("latin1", 0, 2) === "PK") return { kind: "document", mimeType: officeType };
  if (extension === "txt" && !bytes.includes(0)) return { kind: "document", mimeType: "text/plain" };
  return undefined;
}

const MARK = "media:";

/** How a draft names a file of ours where Meta wants a handle; the handle takes its place when the draft is submitted. */
export function mediaMark(mediaId: string): string {
  return MARK + mediaId;
}

export function markedMedia(handle: string): string | undefined {
  return handle.startsWith(MARK) ? handle.slice(MARK.length) : undefined;
}
