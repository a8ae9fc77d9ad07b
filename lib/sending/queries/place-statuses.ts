import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { decodeCallbackData } from "../callback-data";
import { wamidHash } from "../commands/record-outcomes";

export interface MessagePlace {
  lane: number;
  messageId: string;
}

/** Where the messages of statuses are, by our callback data, else by wamid; what is not ours is absent. In their order. */
export async function placeStatuses(
  ctx: Context,
  statuses: readonly { wamid: string; callbackData?: string }[],
): Promise<(MessagePlace | undefined)[]> {
  authorize(ctx, "job.run");
  const byCallback = await placesByCallback(
    ctx,
    statuses.flatMap(({ callbackData }) => callbackData ?? []),
  );
  const rest = statuses.filter(({ callbackData }) => !byCallback.has(callbackData ?? ""));
  const byWamid = await placesByWamid(
    ctx,
    rest.map(({ wamid }) => wamid),
  );
  return statuses.map(({ wamid, callbackData }) => byCallback.get(callbackData ?? "") ?? byWamid.get(wamid));
}

async function placesByCallback(ctx: Context, data: readonly string[]): Promise<Map<string, MessagePlace>> {
  const found = data.flatMap((text) => {
    const decoded = decodeCallbackData(text);
    return decoded ? [{ text, ...decoded }] : [];
  });
  if (found.length === 0) return new Map();
  const rows = await ctx.db.execute<{ key: string; lane: number; id: string }>(sql`
    select d.key, a.lane, a.message_id as id
    from unnest(${array(
      found.map((one) => one.text),
      "text",
    )}, ${array(
      found.map((one) => one.lane),
      "smallint",
    )}, ${array(
      found.map((one) => one.attemptId),
      "uuid",
    )}) as d(key, lane, attempt_id)
    join send_attempts a on a.lane = d.lane and a.id = d.attempt_id`);
  return new Map(rows.map(({ key, lane, id }) => [key, { lane, messageId: id }]));
}

async function placesByWamid(ctx: Context, wamids: readonly string[]): Promise<Map<string, MessagePlace>> {
  const distinct = [...new Set(wamids)];
  if (distinct.length === 0) return new Map();
  // By hash alone: what came over the network may hold characters that the database refuses.
  const rows = await ctx.db.execute<{ n: string; lane: number; id: string }>(sql`
    select d.n, w.message_lane as lane, w.message_id as id
    from unnest(${array(distinct.map(wamidHash), "bytea")}) with ordinality as d(hash, n)
    join wamids w on w.lane = lane_of_hash(d.hash) and w.wamid_hash = d.hash`);
  return new Map(rows.map(({ n, lane, id }) => [distinct[Number(n) - 1] ?? "", { lane, messageId: id }]));
}
