import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { mediaAssets } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type MediaKind, mediaLimits, recogniseMedia } from "../media";
import { personOf } from "../store";

export interface KeptMedia {
  /** As it stands in drafts and mappings; no person ever types it. */
  mediaId: string;
  kind: MediaKind;
  fileName: string;
  byteSize: number;
}

/**
 * Keeps a picture, video or document for headers of messages. A file that is there already is that one, with the name that
 * it had then.
 *
 * @throws AppError("media_unusable", { reason: "kind" | "size" })
 */
export async function keepMedia(
  ctx: Context,
  { fileName, bytes }: { fileName: string; bytes: Buffer },
): Promise<KeptMedia> {
  authorize(ctx, "template.edit");
  const known = recogniseMedia(bytes, fileName);
  if (!known) throw new AppError("media_unusable", { reason: "kind" });
  if (bytes.length > mediaLimits[known.kind]) throw new AppError("media_unusable", { reason: "size" });
  const sha256 = createHash("sha256").update(bytes).digest();
  const byteSize = bytes.length;
  await ctx.db
    .insert(mediaAssets)
    .values({
      id: newId(),
      ...known,
      fileName,
      byteSize,
      sha256,
      bytes,
      createdBy: personOf(ctx),
      createdAt: ctx.now(),
    })
    .onConflictDoNothing();
  const columns = { mediaId: mediaAssets.id, kind: mediaAssets.kind, fileName: mediaAssets.fileName };
  const [kept] = await ctx.db.select(columns).from(mediaAssets).where(eq(mediaAssets.sha256, sha256)).limit(1);
  if (!kept) throw new Error("A file that was just kept is not there");
  return { ...kept, byteSize };
}
