import * as z from "zod";
import { csvDownload } from "@/app/_server/csv-download";
import { pageRequest } from "@/app/_server/page-request";
import { getTranslator } from "@/app/_server/preferences";
import { problem } from "@/app/_server/problem";
import { getRecord } from "@/lib/rights/queries/get-record";
import { recordRows } from "@/lib/rights/record-rows";
import { recordKinds } from "@/lib/rights/records";

const Query = z.object({ kind: z.enum(recordKinds), number: z.coerce.number().int().min(1).optional() });

/** A record as a file for a spreadsheet: the version asked for, or the newest. */
export function GET(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const query = Query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!query.success) return problem({ code: "invalid_input" });
    const record = await getRecord(ctx, query.data);
    return csvDownload(`${record.kind}-${record.number ?? 0}.csv`, recordRows(record, await getTranslator("rights")));
  });
}
