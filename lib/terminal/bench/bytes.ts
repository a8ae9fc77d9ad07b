import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { systemActor } from "@/lib/identity/actor";
import { actingAs } from "@/lib/identity/context";
import { recordDeliveryStatuses } from "@/lib/sending/commands/record-delivery-statuses";
import { type CampaignStage, campaignStage } from "./campaign-stage";
import { benchPlace } from "./place";
import { type BenchRow, exponentBetween, type Goal } from "./row";
import { sendAll, withChild } from "./send-campaigns";

const SIZES = [5_000, 20_000] as const;
const STATUSES = ["sent", "delivered", "read"] as const;
const goal: Goal = { text: "≤ 2,000 bytes", valueAtMost: 2_000 };

/**
 * What a message that was sent and read leaves in all tables and indexes, the people themselves and the archive of webhooks apart:
 * planned, through the gate, sent by the worker, and told of three times by Meta.
 */
export async function benchBytes(): Promise<BenchRow[]> {
  const place = await benchPlace();
  try {
    return await withChild({ part: "sink" }, async ({ url = "" }) => {
      const stage = await campaignStage(place, url);
      try {
        const measured: { size: number; cost: number }[] = [];
        for (const size of SIZES) {
          const people = await stage.addPeople(size);
          const before = await bytesOf(place.db);
          const campaignId = await stage.queueCampaign(people);
          await sendAll(place, stage, [{ size, campaignId }]);
          await tellAll(stage, campaignId);
          await place.db.execute(sql`vacuum analyze`);
          measured.push({ size, cost: (await bytesOf(place.db)) - before });
        }
        const [small] = measured;
        return measured.map((one) => ({
          ...{ name: "bytes of a sent and read message", size: one.size, value: one.cost / one.size, unit: "bytes" },
          ...{ reference: null, ratio: null, goal },
          exponent: small && one.size > small.size ? exponentBetween(small, one) : null,
        }));
      } finally {
        await stage.close();
      }
    });
  } finally {
    await place.close();
  }
}

async function bytesOf(db: Db): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname not like 'webhook%'`);
  return row?.bytes ?? 0;
}

/** Meta's three statuses of every message, one after the other, as the intake records them. */
async function tellAll({ ctx }: CampaignStage, campaignId: string): Promise<void> {
  const worker = actingAs(ctx, systemActor("worker"));
  const rows = await ctx.db.execute<{ lane: number; id: string; wamid: string }>(sql`
    select lane, id, wamid from messages where campaign_id = ${campaignId} order by lane, id`);
  const byLane = byLaneOf(rows);
  for (const [index, status] of STATUSES.entries())
    for (const [lane, messages] of byLane)
      await recordDeliveryStatuses(
        worker,
        lane,
        messages.map(({ id: messageId, wamid }) => ({
          ...{ messageId, status, wamid, providerAt: new Date(worker.now().getTime() + index * 1_000) },
          ...{ errorCode: null, detail: null, pricingType: "regular", pricingCategory: "marketing" },
        })),
      );
}

function byLaneOf<Row extends { lane: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const lanes = new Map<number, Row[]>();
  for (const row of rows) {
    const lane = lanes.get(row.lane) ?? [];
    lane.push(row);
    lanes.set(row.lane, lane);
  }
  return lanes;
}
