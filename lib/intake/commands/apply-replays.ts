import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type DeadItem, isOurs, openBody, type SealedBody } from "../placed";
import { ownNumbers } from "../queries/own-numbers";
import { applyItems } from "./apply-items";
import { putAside, resolveQuarantineNotice } from "./put-aside";
import { applyRefusals } from "./receive-webhook";

const BODIES_AT_ONCE = 50;

/**
 * Applies again the bodies of quarantined items that somebody asked for, refusals included: nothing in a body has a second
 * effect, so the whole of it may be repeated. What fails again stays, with the new reason. Returns how many bodies.
 */
export async function applyReplays(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  const bodies = await ctx.db.execute<SealedBody>(sql`
    select w.lane, w.id, w.raw_sealed, w.key_id, w.received_at from webhook_inbox w
    where (w.lane, w.id) in (select lane, inbox_id from webhook_dead_items
      where replay_asked_at is not null and resolved_at is null order by replay_asked_at limit ${BODIES_AT_ONCE}::int)`);
  const keys = await ctx.keys.keysOf([...new Set(bodies.map((body) => body.key_id))]);
  for (const body of bodies) {
    const dead = await applyBody(ctx, body, keys.get(body.key_id));
    await transaction(ctx, (tx) => conclude(tx, body, dead));
  }
  return bodies.length;
}

async function applyBody(ctx: Context, body: SealedBody, key: Buffer | undefined): Promise<DeadItem[]> {
  const opened = openBody(body, key);
  if (opened.kind === "dead") return [opened.dead];
  const own = await ownNumbers(ctx);
  const ours = opened.items.filter(({ item }) => isOurs(item, own));
  await transaction(ctx, (tx) =>
    applyRefusals(
      tx,
      ours.map(({ item }) => item),
      body.id,
    ),
  );
  const { dead } = await applyItems(ctx, ours);
  return dead;
}

async function conclude(tx: Context, { lane, id }: SealedBody, dead: readonly DeadItem[]): Promise<void> {
  await tx.db.execute(sql`
    update webhook_dead_items set replays = replays + 1, replay_asked_at = null,
      resolution = case when position = any(${array(
        dead.map(({ position }) => position),
        "int",
      )}) then null else 'replayed' end,
      resolved_at = case when position = any(${array(
        dead.map(({ position }) => position),
        "int",
      )}) then null else ${tx.now()}::timestamptz end
    where lane = ${lane}::smallint and inbox_id = ${id}::uuid and replay_asked_at is not null and resolved_at is null`);
  if (dead.length === 0)
    await tx.db.execute(sql`
      update webhook_inbox set status = 'done' where lane = ${lane}::smallint and id = ${id}::uuid and status = 'dead'`);
  await putAside(tx, dead);
  await resolveQuarantineNotice(tx);
}
