import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { parsePublicId } from "@/lib/foundation/ids";
import { getRejectedRows } from "@/lib/imports/queries/get-rejected-rows";

/** Excel reads UTF-8 only behind this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** The rejected rows of an import as a CSV file. */
export function GET(request: Request, { params }: { params: Promise<{ importId: string }> }): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const id = (await params).importId;
    const importId = parsePublicId("imp", id);
    if (!importId) return problem({ code: "not_found" });
    const lines = getRejectedRows(ctx, { importId });
    // The file's key is asked for after the header: a refusal is answered as one, not as a file that breaks off.
    const beginning = [await lines.next(), await lines.next()].map(({ value }) => value ?? "").join("");
    return new Response(streamOf(beginning, lines), {
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="${id}-rejected.csv"`,
        "Cache-Control": "no-store",
      },
    });
  });
}

function streamOf(beginning: string, lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(BYTE_ORDER_MARK + beginning));
    },
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
