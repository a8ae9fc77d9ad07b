import { csvDownload } from "@/app/_server/csv-download";
import { pageRequest } from "@/app/_server/page-request";
import { exportSuppressionCounts } from "@/lib/reporting/commands/export-counts";

/** How many are blocked, by kind, as a CSV file. Nobody is named. */
export function GET(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => csvDownload("suppressions.csv", await exportSuppressionCounts(ctx)));
}
