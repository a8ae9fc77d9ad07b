import { sql } from "drizzle-orm";
import { LANES, newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch } from "@/lib/ledger/append";
import { refusalPayload } from "../entries";

interface SkippedRow extends Record<string, unknown> {
  message_id: string;
  contact_id: string;
  campaign_id: string | null;
  reason: string;
  at: string;
}

/**
 * Ends what waits for people who refused since then (compliance 3.2): the gate would refuse it when it comes due, which may be
 * days from now. Logged like a refusal of the gate. Answers how many.
 */
export async function skipRefused(ctx: Context, since: Date): Promise<number> {
  authorize(ctx, "job.run");
  const lanes = await ctx.db.execute<{ lane: number }>(sql`
    select lane from generate_series(0, ${LANES - 1}) lane
    where exists (select 1 from consent_events e where e.lane = lane.lane and e.recorded_at >= ${since}::timestamptz
      and e.type in ('withdrawn', 'denied', 'invalidated'))`);
  let skipped = 0;
  for (const { lane } of lanes) skipped += await skipLane(ctx, lane, since);
  return skipped;
}

async function skipLane(ctx: Context, lane: number, since: Date): Promise<number> {
  return transaction(ctx, async (tx) => {
    const entryId = newId();
    const rows = await tx.db.execute<SkippedRow>(sql`
      select * from skip_refused(${lane}::smallint, ${since}::timestamptz, ${entryId}::uuid)`);
    const [first] = rows;
    if (!first) return 0;
    const keys = await tx.keys.keysOf(rows.map((row) => row.contact_id));
    const fallback = installationKey(tx.secrets.keyEncryptionKey);
    await appendBatch(tx.db, {
      lane,
      type: "send.gate",
      ref: entryId,
      by: "system",
      at: new Date(first.at),
      entryId,
      items: rows.map((row) => ({
        id: row.message_id,
        subject: row.contact_id,
        payload: refusalPayload({
          messageId: row.message_id,
          campaignId: row.campaign_id,
          checkNumber: 5,
          reason: row.reason,
          at: new Date(row.at),
        }),
        key: keys.get(row.contact_id) ?? fallback,
      })),
      payloads: "derived",
    });
    return rows.length;
  });
}
