import * as z from "zod";
import { currentInstallation } from "@/app/_server/context";
import { pageRequest } from "@/app/_server/page-request";
import { invalidInput, problem } from "@/app/_server/problem";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { publicId } from "@/lib/foundation/ids";
import { isCountry } from "@/lib/foundation/phone";
import { uploadImport } from "@/lib/imports/commands/upload-import";
import { idOf } from "@/lib/templates/inputs";

const Upload = z.object({ country: z.string().refine(isCountry), purposeId: idOf("pur") });

/** Takes a file as the body of the request, piece by piece. Its name comes in a header, because it may name people. */
export function POST(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const parsed = Upload.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!parsed.success) return invalidInput(parsed.error);
    if (!request.body) return problem({ code: "import_unreadable", params: { reason: "empty" } });
    const { country, purposeId } = parsed.data;
    const purpose = (await listPurposes(ctx)).find(({ id }) => id === purposeId);
    if (!purpose) return problem({ code: "not_found", params: { purposeId } });
    const { timeZone } = await currentInstallation();
    const { importId } = await uploadImport(ctx, {
      fileName: fileNameOf(request),
      content: piecesOf(request.body),
      brandId: purpose.brandId,
      purposeId,
      country,
      timeZone,
    });
    return Response.json({ importId: publicId("imp", importId) });
  });
}

function fileNameOf({ headers }: Request): string {
  try {
    return decodeURIComponent(headers.get("x-file-name") ?? "") || "import.csv";
  } catch {
    return "import.csv";
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
