import { currentInstallation } from "@/app/_server/context";
import { csvDownload } from "@/app/_server/csv-download";
import { pageRequest } from "@/app/_server/page-request";
import { adminLogFilter } from "@/app/(console)/compliance/admin-log/admin-log-query";
import { exportAuditEvents } from "@/lib/reporting/commands/export-audit-events";

/** The admin log, as the page's filters leave it, as a CSV file. */
export function GET(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const { timeZone } = await currentInstallation();
    const query = Object.fromEntries(new URL(request.url).searchParams);
    return csvDownload("admin-log.csv", await exportAuditEvents(ctx, adminLogFilter(query, timeZone)));
  });
}
