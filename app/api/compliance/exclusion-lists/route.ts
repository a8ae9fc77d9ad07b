import * as z from "zod";
import { pageRequest } from "@/app/_server/page-request";
import { invalidInput, problem } from "@/app/_server/problem";
import { isCountry } from "@/lib/foundation/phone";
import { importExclusionList } from "@/lib/imports/commands/import-exclusion-list";

const Upload = z.object({
  country: z.string().refine(isCountry),
  name: z.string().trim().min(1).max(100),
});

/** Takes a list of numbers as the body of the request, piece by piece. Only its counts are answered. */
export function POST(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const country = new URL(request.url).searchParams.get("country");
    const parsed = Upload.safeParse({ country, name: nameOf(request) });
    if (!parsed.success) return invalidInput(parsed.error);
    if (!request.body) return problem({ code: "import_unreadable", params: { reason: "empty" } });
    const { listId: _, ...counts } = await importExclusionList(ctx, {
      ...parsed.data,
      content: piecesOf(request.body),
    });
    return Response.json(counts);
  });
}

function nameOf({ headers }: Request): string {
  try {
    return decodeURIComponent(headers.get("x-list-name") ?? "");
  } catch {
    return "";
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
