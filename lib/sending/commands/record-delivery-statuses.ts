import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize, may } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { reconcileAttempts } from "./reconcile-attempts";

/** A status of one message of ours, as Meta reported it. */
export interface DeliveryStatus {
  messageId: string;
  /** sent, delivered, read, played, failed, or a word of the future. */
  status: string;
  providerAt: Date;
  wamid: string;
  errorCode: number | null;
  detail: string | null;
  pricingType: string | null;
  pricingCategory: string | null;
  /** The webhook body that said so, where it is still known. */
  body?: { lane: number; inboxId: string };
}

/**
 * Applies statuses of one lane: any order, any number of times, the same end. Each is kept with the body that said it first; answers
 * the positions of those that another body had said before. What was unknown is reconciled by them.
 */
export async function recordDeliveryStatuses(
  ctx: Context,
  lane: number,
  statuses: readonly DeliveryStatus[],
): Promise<number[]> {
  authorize(ctx, "job.run");
  if (statuses.length === 0) return [];
  const told = new Map(statuses.map(({ messageId, wamid }) => [messageId, wamid]));
  if (await isSomeUnknown(ctx, lane, [...told.keys()]))
    return transaction(ctx, async (tx) => {
      await reconcileAttempts(tx, lane, told);
      return applyStatuses(tx, lane, statuses);
    });
  return applyStatuses(ctx, lane, statuses);
}

/** Hardly ever: then nothing more is asked. */
async function isSomeUnknown(ctx: Context, lane: number, messageIds: readonly string[]): Promise<boolean> {
  const rows = await ctx.db.execute(sql`
    select from messages where lane = ${lane}::smallint and id = any(${array(messageIds, "uuid")})
      and state in ('unknown', 'unknown_final') limit 1`);
  return rows.length > 0;
}

async function applyStatuses(ctx: Context, lane: number, statuses: readonly DeliveryStatus[]): Promise<number[]> {
  const column = <Key extends keyof DeliveryStatus>(key: Key) => statuses.map((status) => status[key]);
  const rows = await ctx.db.execute<{ n: number }>(sql`
    select record_statuses(${lane}::smallint, ${array(column("messageId"), "uuid")}, ${array(column("status"), "text")},
      ${array(column("providerAt"), "timestamptz")}, ${array(column("errorCode"), "int")}, ${array(column("detail"), "text")},
      ${array(column("pricingType"), "text")}, ${array(column("pricingCategory"), "text")}, ${array(column("wamid"), "text")},
      ${array(
        statuses.map(({ body }) => body?.lane ?? null),
        "smallint",
      )}, ${array(
        statuses.map(({ body }) => body?.inboxId ?? null),
        "uuid",
      )}) as n`);
  return rows.map(({ n }) => n - 1);
}

export interface Engagement {
  messageId: string;
  kind: "click" | "reply" | "opt_out";
  at: Date;
}

/** First human click, first reply, opt-out after a message. */
export async function recordEngagement(ctx: Context, lane: number, engagements: readonly Engagement[]): Promise<void> {
  if (!may(ctx.actor, "click.record")) authorize(ctx, "job.run"); // clicks come by the ingress, replies by the worker
  if (engagements.length === 0) return;
  const column = <Key extends keyof Engagement>(key: Key) => engagements.map((engagement) => engagement[key]);
  await ctx.db.execute(sql`
    select record_engagement(${lane}::smallint, ${array(column("messageId"), "uuid")}, ${array(column("kind"), "text")},
      ${array(column("at"), "timestamptz")})`);
}
