import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type DeadItem, isOurs, type OwnNumbers, openBody, type Placed, type SealedBody } from "../placed";
import { ownNumbers } from "../queries/own-numbers";
import { applyItems } from "./apply-items";
import { type BodyStatus, countArrivals, type EndedRound } from "./count-arrivals";
import { indexPeople } from "./index-people";
import { putAside } from "./put-aside";

/** Loops that a worker runs at once: while one reads bodies, the other's statements run. */
export const DISPATCHERS = 2;
/** Bodies of one round: many small ones, or a few large ones (each may hold a thousand items). */
const MAX_BODIES = 2_000;
const MAX_BYTES = 2_000_000;
/** With these it is seen how large they are. */
const FIRST_BODIES = 2;
/** After every id. */
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

interface Round {
  rows: readonly SealedBody[];
  /** What is to be applied. */
  ours: Placed[];
  foreign: Placed[];
  dead: DeadItem[];
}

/**
 * Does everything that webhooks ask for beyond refusals. A round locks the bodies it works on and skips those of others,
 * so any number of workers dispatch at once; the lock ends with the round. Whatever it does may be repeated, so a worker
 * that dies in the middle loses nothing. A broken item is put aside and its neighbours go on. Returns how many bodies were
 * done.
 */
export async function dispatchWebhooks(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (claim) => {
    const rows = await claimBodies(claim);
    if (rows.length === 0) return 0;
    const round = await openRound(ctx, rows);
    // Outside the claiming transaction: its own statements stay few, and one that fails costs no other.
    const applied = await applyItems(ctx, round.ours);
    const dead = [...round.dead, ...applied.dead];
    await putAside(claim, dead);
    await indexPeople(claim, [...round.ours.filter((one) => !applied.kept.has(one)), ...round.foreign]);
    const ended = { ...round, dead, statuses: bodyStatuses({ ...round, dead }) };
    await countArrivals(claim, ended);
    await finish(claim, ended);
    return rows.length;
  });
}

/** From a lane drawn anew each time, so that under load no lane waits for the others. */
async function claimBodies(claim: Context): Promise<SealedBody[]> {
  const first = Math.floor(Math.random() * LANES);
  let places = await lockLanes(claim, first, LANES - 1);
  if (places.length === 0 && first > 0) places = await lockLanes(claim, 0, first - 1);
  if (places.length === 0) return [];
  return claim.db.execute<SealedBody>(sql`
    select w.lane, w.id, w.raw_sealed, w.key_id, w.received_at
    from unnest(${array(
      places.map(({ lane }) => lane),
      "smallint",
    )}, ${array(
      places.map(({ id }) => id),
      "uuid",
    )}) as p(lane, id)
    join webhook_inbox w on w.lane = p.lane and w.id = p.id order by w.received_at, w.id`);
}

interface BodyPlace extends Record<string, unknown> {
  lane: number;
  id: string;
  received_at: string;
  bytes: number;
}

/** What a round takes, and hardly more: what is locked in vain keeps the other dispatchers idle. */
async function lockLanes(claim: Context, from: number, to: number): Promise<BodyPlace[]> {
  const places: BodyPlace[] = [];
  let last: BodyPlace = { lane: from - 1, id: LAST_ID, received_at: "infinity", bytes: 0 };
  let bytes = 0;
  for (let limit = FIRST_BODIES; limit > 0; ) {
    const rows: BodyPlace[] = await claim.db.execute<BodyPlace>(sql`
      select lane, id, received_at, coalesce(octet_length(raw_sealed), 0) as bytes from webhook_inbox
      where status = 'new' and lane <= ${to}::smallint
        and (lane, received_at, id) > (${last.lane}::smallint, ${last.received_at}::timestamptz, ${last.id}::uuid)
      order by lane, received_at, id limit ${limit}::int for update skip locked`);
    for (const row of rows) {
      last = row;
      if (bytes >= MAX_BYTES) break;
      places.push(row);
      bytes += row.bytes;
    }
    if (rows.length < limit) break;
    const asLarge = Math.ceil(((MAX_BYTES - bytes) * places.length) / Math.max(bytes, 1));
    limit = Math.min(asLarge, MAX_BODIES - places.length);
  }
  return places;
}

async function openRound(ctx: Context, rows: readonly SealedBody[]): Promise<Round> {
  const keys = await ctx.keys.keysOf([...new Set(rows.map((row) => row.key_id))]);
  const own: OwnNumbers = await ownNumbers(ctx);
  const round: Round = { rows, ours: [], foreign: [], dead: [] };
  for (const row of rows) {
    const body = openBody(row, keys.get(row.key_id));
    if (body.kind === "dead") round.dead.push(body.dead);
    else for (const one of body.items) (isOurs(one.item, own) ? round.ours : round.foreign).push(one);
  }
  return round;
}

async function finish(claim: Context, { rows, ours, foreign, statuses }: EndedRound): Promise<void> {
  const counts = new Map<string, number>();
  for (const { inboxId } of [...ours, ...foreign]) counts.set(inboxId, (counts.get(inboxId) ?? 0) + 1);
  await claim.db.execute(sql`
    update webhook_inbox w set status = d.status, item_count = d.count, attempts = w.attempts + 1,
      processed_at = ${claim.now()}::timestamptz
    from unnest(${array(
      rows.map((row) => row.lane),
      "smallint",
    )}, ${array(
      rows.map((row) => row.id),
      "uuid",
    )}, ${array(
      rows.map((row) => counts.get(row.id) ?? 0),
      "int",
    )}, ${array(
      rows.map((row) => statuses.get(row.id) ?? "done"),
      "text",
    )}) as d(lane, id, count, status)
    where w.lane = d.lane and w.id = d.id`);
}

/** Of bodies that are not simply done: unreadable ones, and those about nobody of ours. */
function bodyStatuses({ ours, foreign, dead }: Omit<Round, "rows">): Map<string, BodyStatus> {
  const statuses = new Map<string, BodyStatus>();
  for (const { inboxId } of foreign) statuses.set(inboxId, "ignored");
  for (const { inboxId } of ours) statuses.delete(inboxId);
  for (const { inboxId, kind } of dead) if (kind === "body") statuses.set(inboxId, "dead");
  return statuses;
}
