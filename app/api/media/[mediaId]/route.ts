import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { idOf } from "@/lib/templates/inputs";
import { getMedia } from "@/lib/templates/queries/get-media";

/** A picture or video of a template, for its preview. It never changes under its id. */
export function GET(request: Request, { params }: { params: Promise<{ mediaId: string }> }): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const mediaId = idOf("med").safeParse((await params).mediaId).data;
    if (!mediaId) return problem({ code: "not_found" });
    const { bytes, mimeType, fileName } = await getMedia(ctx, { mediaId });
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": mimeType,
        "content-disposition": `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        "cache-control": "private, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'",
        "x-content-type-options": "nosniff",
      },
    });
  });
}
