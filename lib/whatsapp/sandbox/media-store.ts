import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

export const storedMedia = z.object({
  id: z.string(),
  mimeType: z.string(),
  sha256: z.string(),
  size: z.number(),
  filename: z.string().optional(),
  /** World time after which the id is unknown. */
  expiresAt: z.number(),
});
export type StoredMedia = z.infer<typeof storedMedia>;

const MEGABYTE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = { outbound: 30 * DAY_MS, inbound: 7 * DAY_MS };
const office = "application/vnd.openxmlformats-officedocument";

/** What WhatsApp carries, by kind of message, and the largest file of each. */
const kinds: Record<string, { types: Set<string>; bytes: number }> = {
  image: { types: new Set(["image/jpeg", "image/png"]), bytes: 5 * MEGABYTE },
  video: { types: new Set(["video/mp4", "video/3gpp"]), bytes: 16 * MEGABYTE },
  audio: {
    types: new Set(["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"]),
    bytes: 16 * MEGABYTE,
  },
  sticker: { types: new Set(["image/webp"]), bytes: 500 * 1024 },
  document: {
    types: new Set([
      "text/plain",
      "text/csv",
      "application/pdf",
      "application/msword",
      "application/vnd.ms-excel",
      "application/vnd.ms-powerpoint",
      `${office}.wordprocessingml.document`,
      `${office}.spreadsheetml.sheet`,
      `${office}.presentationml.presentation`,
    ]),
    bytes: 100 * MEGABYTE,
  },
};
const STILL_STICKER_BYTES = 100 * 1024;
export const MAX_MEDIA_BYTES = 100 * MEGABYTE;

/** The kind of message that a type of file is for, without its parameters such as `codecs=opus`. */
export function mediaKindOf(mimeType: string): string | undefined {
  return Object.entries(kinds).find(([, { types }]) => types.has(baseType(mimeType)))?.[0];
}

/** Why a file cannot be uploaded, or sent as this kind of message. */
export function mediaProblem(mimeType: string, bytes: Uint8Array): string | undefined {
  const kind = mediaKindOf(mimeType);
  const rule = kind === undefined ? undefined : kinds[kind];
  if (!rule) {
    const known = Object.values(kinds).flatMap(({ types }) => [...types]);
    return `Param file must be a file with one of the following types: ${known.join(", ")}. Received file of type '${mimeType}'.`;
  }
  const limit = kind === "sticker" && !isAnimated(bytes) ? STILL_STICKER_BYTES : rule.bytes;
  if (bytes.length > limit) return `Param file is too large: ${bytes.length} bytes, at most ${limit} are allowed.`;
  return bytes.length === 0 ? "Param file is empty." : undefined;
}

/** Uploaded files: bytes in the sandbox's folder, or in memory without one. */
export class MediaStore {
  private readonly byId = new Map<string, StoredMedia>();
  private readonly inMemory = new Map<string, Buffer>();
  private highestId = 0;

  constructor(
    private readonly folder: string | undefined,
    stored: StoredMedia[],
    private readonly now: () => number,
  ) {
    for (const one of stored) {
      this.byId.set(one.id, one);
      if (one.id.startsWith("600")) this.highestId = Math.max(this.highestId, Number(one.id.slice(3)));
    }
  }

  all(): StoredMedia[] {
    return [...this.byId.values()];
  }

  add(file: { mimeType: string; bytes: Buffer; filename?: string }): StoredMedia {
    this.highestId++;
    return this.keep(`600${String(this.highestId).padStart(12, "0")}`, file, "outbound");
  }

  private keep(
    id: string,
    file: { mimeType: string; bytes: Buffer; filename?: string },
    origin: keyof typeof KEPT_MS,
  ): StoredMedia {
    const media = {
      id,
      mimeType: file.mimeType,
      sha256: createHash("sha256").update(file.bytes).digest("hex"),
      size: file.bytes.length,
      filename: file.filename,
      expiresAt: this.now() + KEPT_MS[origin],
    };
    if (this.folder) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.folder, media.id), file.bytes, { mode: 0o600 });
    } else this.inMemory.set(media.id, file.bytes);
    this.byId.set(media.id, media);
    return media;
  }

  /** A file that a person sends; the same act gives the same id, also when it is told again after a restart. */
  receive(key: string, file: { mimeType: string; bytes: Buffer }): StoredMedia {
    const digits = BigInt(`0x${createHash("sha256").update(key).digest("hex")}`) % 10n ** 12n;
    const id = `601${String(digits).padStart(12, "0")}`;
    return this.get(id) ?? this.keep(id, file, "inbound");
  }

  /** Undefined when the id never was, was deleted or has expired. */
  get(id: string): StoredMedia | undefined {
    const media = this.byId.get(id);
    if (media && media.expiresAt <= this.now()) this.remove(id);
    return this.byId.get(id);
  }

  read({ id }: StoredMedia): Buffer {
    return this.inMemory.get(id) ?? readFileSync(join(this.folder ?? "", id));
  }

  remove(id: string) {
    this.byId.delete(id);
    this.inMemory.delete(id);
    if (this.folder) rmSync(join(this.folder, id), { force: true });
  }
}

function baseType(mimeType: string): string {
  return mimeType.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Bit 1 of the flags in a WebP's `VP8X` chunk. */
function isAnimated(bytes: Uint8Array): boolean {
  const isExtended = Buffer.from(bytes.subarray(12, 16)).toString("latin1") === "VP8X";
  return isExtended && ((bytes[20] ?? 0) & 0x02) !== 0;
}
