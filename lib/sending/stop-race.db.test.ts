import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "@/db/client";
import { testDatabase } from "@/db/testing/database";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { laneOf, newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { claimMessages } from "./commands/claim-messages";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

// I2: no attempt is committed after the commit of a withdrawal that covers it. A STOP and a claim, each on a connection of its
// own, are interleaved at every statement of the one and of the other.

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
const people: string[] = [];
beforeAll(async () => {
  campaign = await queuedCampaign(t, 64);
  const rows = await t.db.execute<{ id: string }>(sql`
    select contact_id as id from messages where campaign_id = ${campaign.campaignId} and state = 'queued' order by id`);
  people.push(...rows.map(({ id }) => id));
});

type Boundary = (statement: number) => Promise<void>;

/**
 * The same context, but before each statement of its transactions, and before the commit, `boundary` is waited for. Statements
 * are numbered from 0; the commit comes after the last.
 */
function stepping(ctx: Context, boundary: Boundary): Context {
  let statement = 0;
  const stepped = (db: Db): Db =>
    new Proxy(db, {
      get(target, property, receiver) {
        if (property === "execute")
          return async (query: Parameters<Db["execute"]>[0]) => {
            await boundary(statement++);
            return target.execute(query);
          };
        if (property === "transaction")
          return (run: (tx: Db) => Promise<unknown>) =>
            target.transaction(async (tx) => {
              const result = await run(stepped(tx));
              await boundary(statement++);
              return result;
            });
        return Reflect.get(target, property, receiver);
      },
    });
  return { ...ctx, now: () => ctx.now(), db: stepped(ctx.db) };
}

const claim = (ctx: Context, contactId: string) =>
  claimMessages(ctx, {
    lane: laneOf(contactId),
    numberId: campaign.world.ids.numberId,
    limit: 50,
    workerId: newId(),
  });

const stop = (ctx: Context, contactId: string) =>
  withdrawConsent(ctx, {
    withdrawals: [{ contactId, occurredAt: ctx.now(), source: "keyword_in", idempotencyKey: `race ${contactId}` }],
  });

async function attempts(contactId: string): Promise<number> {
  const [row] = await t.db.execute<{ n: number }>(sql`
    select count(*)::int as n from send_attempts where lane = lane_of(${contactId}) and contact_id = ${contactId}`);
  return row?.n ?? 0;
}

/** Until `work` has ended, or waits for a lock that somebody else of this database holds. */
async function endedOrBlocked(work: Promise<unknown>): Promise<"ended" | "blocked"> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  work.then(end, end);
  for (;;) {
    const [row] = await t.db.execute<{ n: number }>(sql`
      select count(*)::int as n from pg_locks
      where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`);
    if (hasEnded) return "ended";
    if (row?.n) return "blocked";
  }
}

/** How many boundaries a run of its own has. */
async function boundariesOf(run: (ctx: Context) => Promise<unknown>): Promise<number> {
  let count = 0;
  await run(
    stepping(campaign.world.worker, async (statement) => {
      count = Math.max(count, statement + 1);
    }),
  );
  return count;
}

test("a claim at any point of a STOP attempts nothing, once the STOP has the person", async () => {
  const worker = campaign.world.worker;
  const first = people.pop() ?? "";
  const boundaries = await boundariesOf((ctx) => stop(ctx, first));
  expect(boundaries).toBeGreaterThan(5);
  const seen: string[] = [];
  for (let at = 0; at < boundaries; at++) {
    const contactId = people.pop() ?? "";
    let before = 0;
    await stop(
      stepping(worker, async (statement) => {
        if (statement !== at) return;
        await claim(worker, contactId);
        before = await attempts(contactId);
      }),
      contactId,
    );
    await t.db.execute(
      sql`update messages set not_before = app_now() where contact_id = ${contactId} and state = 'queued'`,
    );
    await claim(worker, contactId);
    expect(await attempts(contactId), `no attempt after the STOP that was interrupted at ${at}`).toBe(before);
    seen.push(before ? "sent before" : "refused");
  }
  // Until it holds the person's row, the claim is first; from then on, the STOP.
  expect(new Set(seen)).toEqual(new Set(["sent before", "refused"]));
  expect(seen).toEqual([...seen].sort().reverse());
});

test("a STOP at any point of a claim is first, or waits until the attempt has committed", async () => {
  const worker = campaign.world.worker;
  const first = people.pop() ?? "";
  const boundaries = await boundariesOf((ctx) => claim(ctx, first));
  expect(boundaries).toBeGreaterThan(4);
  const seen: string[] = [];
  for (let at = 0; at < boundaries; at++) {
    const contactId = people.pop() ?? "";
    let stopping: Promise<unknown> = Promise.resolve();
    let outcome: "ended" | "blocked" = "ended";
    await claim(
      stepping(worker, async (statement) => {
        if (statement !== at) return;
        stopping = stop(worker, contactId);
        outcome = await endedOrBlocked(stopping);
      }),
      contactId,
    );
    await stopping;
    const sent = await attempts(contactId);
    // Committed while the claim stood still: the gate must have seen it. Held back by the claim: the attempt was first.
    expect(sent, `STOP at ${at} ${outcome}`).toBe(outcome === "ended" ? 0 : 1);
    seen.push(outcome);
  }
  expect(new Set(seen)).toEqual(new Set(["ended", "blocked"]));
});

test("a claim that had to wait dates its attempts after whatever was recorded meanwhile", async () => {
  const contactId = people.at(-1) ?? "";
  await t.db.execute(sql`update app_clock set anchor_app = app_now(), anchor_real = now(), speed = 1`);
  let recordedAt = "";
  let claiming: Promise<unknown> = Promise.resolve();
  await t.db.transaction(async (tx) => {
    await tx.execute(sql`lock table contacts in access exclusive mode`);
    claiming = claim(campaign.world.worker, contactId);
    await expect
      .poll(() => t.db.execute(sql`select 1 from pg_locks where not granted and relation = 'contacts'::regclass`))
      .toHaveLength(1);
    const [row] = await t.as("console").execute<{ at: string }>(sql`select app_now() as at`);
    recordedAt = row?.at ?? "";
  });
  await claiming;
  const [attempt] = await t.db.execute<{ isLater: boolean }>(sql`
    select authorised_at >= ${recordedAt}::timestamptz - interval '1 millisecond' as "isLater" from send_attempts
    where lane = lane_of(${contactId}::uuid) and contact_id = ${contactId}`);
  expect(attempt).toEqual({ isLater: true });
});
