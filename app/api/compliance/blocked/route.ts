import * as z from "zod";
import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { readBlocked } from "@/lib/rights/commands/read-blocked";

const Query = z.object({ access: z.uuid() });

/** Blocked data of one person as a file, for one of the two people who decided it. Each time is in the log. */
export function GET(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const query = Query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!query.success) return problem({ code: "invalid_input" });
    const whole = await readBlocked(ctx, { accessId: query.data.access });
    return new Response(JSON.stringify(whole, null, 2), {
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": 'attachment; filename="blocked-data.json"',
        "Cache-Control": "no-store",
      },
    });
  });
}
