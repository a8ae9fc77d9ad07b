import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { keepMedia } from "@/lib/templates/commands/keep-media";
import { MOST_MEDIA_BYTES } from "@/lib/templates/media";

/** Takes a file for the header of a template as the body of the request; its name comes in a header. */
export function POST(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const bytes = await atMost(request.body, MOST_MEDIA_BYTES);
    if (!bytes) return problem({ code: "media_unusable", params: { reason: "size" } });
    return Response.json(await keepMedia(ctx, { fileName: fileNameOf(request), bytes }));
  });
}

function fileNameOf({ headers }: Request): string {
  try {
    return decodeURIComponent(headers.get("x-file-name") ?? "").slice(-240) || "archivo";
  } catch {
    return "archivo";
  }
}

/** The whole body; undefined as soon as it is longer than allowed. */
async function atMost(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.byteLength;
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
