import { currentInstallation } from "@/app/_server/context";
import { csvDownload } from "@/app/_server/csv-download";
import { pageRequest } from "@/app/_server/page-request";
import { consentLogFilter } from "@/app/(console)/compliance/consents/consent-log-query";
import { exportConsentLog } from "@/lib/reporting/commands/export-consent-log";

/** The consent log, as the page's filters leave it, as a CSV file. */
export function GET(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const { timeZone } = await currentInstallation();
    const query = Object.fromEntries(new URL(request.url).searchParams);
    return csvDownload("consent-log.csv", await exportConsentLog(ctx, consentLogFilter(query, timeZone)));
  });
}
