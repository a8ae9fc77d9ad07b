import { download } from "../download";
import { exportJson } from "../export-record";

type Route = { params: Promise<{ campaignId: string }> };

export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { campaignId } = await params;
  return download(request, campaignId, { extension: "json", type: "application/json", write: exportJson });
}
