import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type CloudApi, createCloudApi, type GraphResult } from "@/lib/whatsapp/client";
import { isAccountLimit } from "../health";
import type { NumberCredentials } from "../number";
import { getNumberCredentials } from "../queries/get-number-credentials";

/** The first wait after Meta counted too many calls; each one in a row is twice as long, an hour at most. Real time. */
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3_600;
const APP_CALL_LIMIT = 4;

/**
 * Makes one call that manages an account, as one of its numbers, unless the account has to wait because of too many calls
 * (80007, 4): then nothing leaves and the answer is that refusal. Never inside a transaction.
 */
export async function callAccount<T>(
  ctx: Context,
  numberId: string,
  work: (api: CloudApi, number: NumberCredentials) => Promise<GraphResult<T>>,
): Promise<GraphResult<T>> {
  authorize(ctx, "number.read");
  const number = await getNumberCredentials(ctx, { numberId });
  const retryAfterMs = await waitOf(ctx, number.wabaId);
  if (retryAfterMs > 0) return { kind: "refused", code: APP_CALL_LIMIT, detail: "waiting", retryAfterMs };
  const { baseUrl, apiVersion, token } = number;
  const api = createCloudApi({ baseUrl, apiVersion, token, connections: 2 });
  try {
    const result = await work(api, number);
    if (isAccountLimit(result)) await noteAccountLimit(ctx, number.wabaId);
    return result;
  } finally {
    await api.close();
  }
}

/** Milliseconds until the account may be called again; 0 for now. */
async function waitOf(ctx: Context, wabaId: string): Promise<number> {
  const [row] = await ctx.db.execute<{ wait_ms: number }>(sql`
    select greatest(0, 1000 * extract(epoch from calls_after - clock_timestamp()))::float8 as wait_ms
    from account_calls where waba_id = ${wabaId}`);
  return Math.ceil(row?.wait_ms ?? 0);
}

async function noteAccountLimit(ctx: Context, wabaId: string): Promise<void> {
  const seconds = (holds: ReturnType<typeof sql>) =>
    sql`make_interval(secs => least(${LONGEST_WAIT_SECONDS}::float8, ${FIRST_WAIT_SECONDS}::float8 * 2 ^ (${holds} - 1)))`;
  const inARow = sql`case when a.calls_after > clock_timestamp() - interval '1 hour' then least(a.holds + 1, 12) else 1 end`;
  await ctx.db.execute(sql`
    insert into account_calls as a (waba_id, calls_after, holds) values (${wabaId}, clock_timestamp() + ${seconds(sql`1`)}, 1)
    on conflict (waba_id) do update set holds = ${inARow}, calls_after = clock_timestamp() + ${seconds(inARow)}
    where a.calls_after < clock_timestamp()`);
}
