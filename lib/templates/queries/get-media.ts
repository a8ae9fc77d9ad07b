import { eq } from "drizzle-orm";
import { mediaAssets } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** A file of ours, for its preview and for sending it to Meta. @throws AppError("not_found") */
export async function getMedia(ctx: Context, { mediaId }: { mediaId: string }) {
  authorize(ctx, "template.read");
  const [file] = await ctx.db.select().from(mediaAssets).where(eq(mediaAssets.id, mediaId)).limit(1);
  if (!file) throw new AppError("not_found", { mediaId });
  const { kind, fileName, mimeType, byteSize, bytes } = file;
  return { mediaId, kind, fileName, mimeType, byteSize, bytes };
}
