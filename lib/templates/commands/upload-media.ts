import { and, eq, gt } from "drizzle-orm";
import { mediaUploads } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { CloudApi } from "@/lib/whatsapp/client";
import { freshUpload } from "@/lib/whatsapp/media";
import type { DraftComponent, Json } from "../draft";
import { markedMedia } from "../media";
import { getMedia } from "../queries/get-media";
import { answered, getNumber, withCloudApi } from "../store";

const DAY_MS = 86_400_000;
/** Uploaded anew when less is left: a campaign that begins today may send for days. */
const RENEWED_BEFORE_DAYS = 5;

/**
 * Makes sure that Meta has the files under ids that last for days to come. A file that is there is not sent again.
 *
 * @throws AppError("whatsapp_refused" | "whatsapp_unreachable" | "not_found")
 */
export async function uploadMedia(
  ctx: Context,
  { numberId, mediaIds }: { numberId: string; mediaIds: readonly string[] },
): Promise<void> {
  authorize(ctx, "job.run");
  const lasting = new Date(ctx.now().getTime() + RENEWED_BEFORE_DAYS * DAY_MS);
  const there = await ctx.db
    .select({ mediaId: mediaUploads.mediaId })
    .from(mediaUploads)
    .where(and(eq(mediaUploads.numberId, numberId), gt(mediaUploads.expiresAt, lasting)));
  const known = new Set(there.map(({ mediaId }) => mediaId));
  const missing = [...new Set(mediaIds)].filter((mediaId) => !known.has(mediaId));
  if (missing.length === 0) return;
  const { phoneNumberId } = await getNumber(ctx, numberId);
  await withCloudApi(ctx, numberId, async (api) => {
    for (const mediaId of missing) {
      const { bytes, fileName, mimeType } = await getMedia(ctx, { mediaId });
      const { id: metaId } = answered(await api.uploadMedia(phoneNumberId, { bytes, fileName, mimeType }));
      const uploadedAt = ctx.now();
      const { expiresAt } = freshUpload(metaId, uploadedAt);
      await ctx.db
        .insert(mediaUploads)
        .values({ mediaId, numberId, metaId, uploadedAt, expiresAt })
        .onConflictDoUpdate({
          target: [mediaUploads.mediaId, mediaUploads.numberId],
          set: { metaId, uploadedAt, expiresAt },
        });
    }
  });
}

export interface Prepared {
  components: DraftComponent[];
  /** Our files by place: `header.media`, `card.0.header.media`. */
  media: Record<string, string>;
}

/** Puts the handles that Meta's review needs where a draft names files of ours. Each file is uploaded once. */
export async function withHandles(
  ctx: Context,
  components: readonly DraftComponent[],
  { api, appId }: { api: CloudApi; appId: string | null },
): Promise<Prepared> {
  authorize(ctx, "template.edit");
  const media: Record<string, string> = {};
  const handles = new Map<string, string>();
  for (const { place, mediaId } of filesIn(components, "")) {
    media[place] = mediaId;
    if (handles.has(mediaId)) continue;
    const { bytes, fileName, mimeType } = await getMedia(ctx, { mediaId });
    // `app` stands for the app that the token belongs to.
    const upload = await api.uploadExample(appId ?? "app", { bytes, fileName, mimeType });
    handles.set(mediaId, answered(upload).handle);
  }
  const replaced: DraftComponent[] = JSON.parse(JSON.stringify(components), (_, value) => {
    const mediaId = typeof value === "string" ? markedMedia(value) : undefined;
    return (mediaId && handles.get(mediaId)) ?? value;
  });
  return { components: replaced, media };
}

/** The files of ours that stand in headers, by place. */
function filesIn(components: readonly Json[], at: string): { place: string; mediaId: string }[] {
  return components.flatMap((component) => {
    if (!isObject(component)) return [];
    const { example, cards } = component;
    const handles = isObject(example) && Array.isArray(example.header_handle) ? example.header_handle : [];
    const [handle] = handles;
    const mediaId = typeof handle === "string" ? markedMedia(handle) : undefined;
    const own = mediaId ? [{ place: `${at}header.media`, mediaId }] : [];
    const ofCards = (Array.isArray(cards) ? cards : []).flatMap((card, index) =>
      isObject(card) && Array.isArray(card.components) ? filesIn(card.components, `card.${index}.`) : [],
    );
    return [...own, ...ofCards];
  });
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
