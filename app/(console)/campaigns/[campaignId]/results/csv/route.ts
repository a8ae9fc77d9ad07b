import { download } from "../download";
import { exportCsv } from "../export-record";

type Route = { params: Promise<{ campaignId: string }> };

export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { campaignId } = await params;
  return download(request, campaignId, { extension: "csv", type: "text/csv", write: exportCsv });
}
