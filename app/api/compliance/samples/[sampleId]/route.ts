import { csvDownload } from "@/app/_server/csv-download";
import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { parsePublicId } from "@/lib/foundation/ids";
import { exportSample } from "@/lib/reporting/commands/export-sample";

/** A sample with its seed as a CSV file. */
export function GET(request: Request, { params }: { params: Promise<{ sampleId: string }> }): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const id = (await params).sampleId;
    const sampleId = parsePublicId("evt", id);
    if (!sampleId) return problem({ code: "not_found" });
    return csvDownload(`sample-${id}.csv`, await exportSample(ctx, { sampleId }));
  });
}
