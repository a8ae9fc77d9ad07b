import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newContactId, newId } from "@/lib/foundation/ids";
import type { SendOutcome } from "@/lib/whatsapp/client";
import { type ClaimedMessage, claimMessages } from "./commands/claim-messages";
import { learnLimits } from "./commands/learn-limits";
import { leaseTokens, settleLease } from "./commands/lease-tokens";
import { sendClaimed } from "./commands/send-claimed";
import { tellRecovered } from "./commands/tell-recovered";
import { listDueLanes } from "./queries/list-due-lanes";
import { queuedCampaign, type SentCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let campaign: SentCampaign;
let numberId = "";
let neighbour = "";
beforeAll(async () => {
  campaign = await queuedCampaign(t, 192);
  numberId = campaign.world.ids.numberId;
  neighbour = newId();
  await t.db.execute(sql`
    insert into phone_numbers (id, brand_id, waba_id, phone_number_id, display_number, verified_name, base_url, token_sealed,
      app_secret_sealed, verify_token_hash, is_sandbox, created_at)
    select ${neighbour}::uuid, brand_id, waba_id, '800000000000009', '+1 555-010-0009', verified_name, base_url, token_sealed,
      app_secret_sealed, verify_token_hash, is_sandbox, created_at from phone_numbers where id = ${numberId}::uuid`);
});

beforeEach(async () => {
  for (const table of [
    "number_tokens",
    "kill_switches",
    "notices",
    "portfolio_usage",
    "portfolio_leases",
    "portfolio_recipients",
  ])
    await t.db.execute(sql`delete from ${sql.identifier(table)}`);
  await t.db.execute(
    sql`update phone_numbers set messages_per_second = 100, messaging_limit = 'TIER_UNLIMITED', portfolio_id = null`,
  );
});

const worker = () => campaign.world.worker;
const lease = (wanted: number, id = numberId) => leaseTokens(worker(), id, wanted);
const answer = (code: number, scope: "number" | "account", afterMs = 1_000) => ({
  code,
  scope,
  afterMs,
  retryAfterMs: afterMs,
  contactId: newContactId(),
});
const learn = (...answers: ReturnType<typeof answer>[]) => learnLimits(worker(), { numberId, lane: 0, answers });

/** Real time moved on by so many seconds, as far as the row of a number can tell. */
async function later(seconds: number): Promise<void> {
  await t.db.execute(sql`
    update number_tokens set available_at = available_at - make_interval(secs => ${seconds}),
      lowered_at = lowered_at - make_interval(secs => ${seconds}), hold_until = hold_until - make_interval(secs => ${seconds})`);
}

/** Seconds that a block of tokens takes of the number. */
async function cost(wanted: number): Promise<number> {
  await lease(1);
  await t.db.execute(sql`update number_tokens set available_at = clock_timestamp() + interval '400 milliseconds'`);
  const [before] = await tokens();
  await lease(wanted);
  const [after] = await tokens();
  return (Date.parse(after?.available_at ?? "") - Date.parse(before?.available_at ?? "")) / 1_000;
}

async function tokens() {
  return t.db.execute<{
    number_id: string;
    available_at: string;
    hold_seconds: number | null;
    holds: number;
    share: number;
  }>(sql`
    select number_id, available_at, holds, rate_factor as share,
      extract(epoch from hold_until - clock_timestamp())::float8 as hold_seconds from number_tokens order by number_id`);
}

const rowOf = async (id: string) => (await tokens()).find(({ number_id: found }) => found === id);
const notices = async () =>
  (await t.db.execute<{ kind: string }>(sql`select kind from notices where resolved_at is null order by kind`)).map(
    ({ kind }) => kind,
  );
const stopped = async () =>
  t.db.execute<{ target_id: string; cause: string }>(sql`
    select target_id, cause from kill_switches where released_at is null order by target_id`);

describe("throughput", () => {
  test("blocks follow each other at three quarters of what Meta allows, and stop half a second ahead", async () => {
    expect(await lease(75)).toMatchObject({ tokens: 75, waitMs: 0 });
    expect((await lease(75)).tokens).toBe(0);
    await later(0.6);
    const next = await lease(75);
    expect(next.tokens).toBe(75);
    expect(next.waitMs).toBeGreaterThan(0);
  });

  test("what a claim did not use goes back", async () => {
    const held = await lease(75);
    await settleLease(worker(), held, { numberId, lane: 0, contactIds: [] });
    expect((await lease(75)).tokens).toBe(75);
  });

  test("130429 halves the rate at once and only once for one burst; it grows back by itself", async () => {
    expect(await cost(75)).toBeCloseTo(1, 1);
    await learn(answer(130_429, "number"), answer(130_429, "number"));
    await learn(answer(130_429, "number"));
    expect((await rowOf(numberId))?.share).toBe(0.5);
    expect((await lease(1)).tokens).toBe(0);
    await later(2);
    expect(await cost(75)).toBeGreaterThan(1.9);
    await later(150);
    expect(await cost(75)).toBeCloseTo(1 / 0.753, 1);
    await later(1_000);
    expect(await cost(75)).toBeCloseTo(1, 1);
    expect(await notices()).toEqual([]);
  });

  test("a number that is refused again and again is slowed to a tenth, and people are told", async () => {
    await lease(1);
    for (let burst = 0; burst < 6; burst++) {
      await learn(answer(130_429, "number"));
      await later(3);
    }
    expect((await rowOf(numberId))?.share).toBeCloseTo(0.1, 1);
    expect(await notices()).toEqual(["number_slowed"]);
    await tellRecovered(worker());
    expect(await notices()).toEqual(["number_slowed"]);
    await later(600);
    await tellRecovered(worker());
    expect(await notices()).toEqual([]);
  });
});

describe("waits and stops", () => {
  test("a number in maintenance waits, twice as long each time in a row, while its neighbour goes on", async () => {
    await Promise.all([lease(1), lease(1, neighbour)]);
    await learn(answer(131_057, "number", 60_000));
    expect((await rowOf(numberId))?.hold_seconds).toBeCloseTo(60, 0);
    expect((await rowOf(neighbour))?.hold_seconds).toBeNull();
    expect((await listDueLanes(worker())).map(({ numberId: due }) => due)).not.toContain(numberId);
    await later(61);
    expect((await listDueLanes(worker())).map(({ numberId: due }) => due)).toContain(numberId);
    await learn(answer(131_057, "number", 60_000));
    expect((await rowOf(numberId))?.hold_seconds).toBeCloseTo(120, 0);
  });

  test("a limit of the account makes all its numbers wait; a long wait is told", async () => {
    await Promise.all([lease(1), lease(1, neighbour)]);
    await learn(answer(131_064, "account", 24 * 3_600_000));
    expect((await rowOf(neighbour))?.hold_seconds).toBeGreaterThan(86_000);
    expect(await notices()).toEqual(["number_waits", "number_waits"]);
    await later(24 * 3_600);
    await tellRecovered(worker());
    expect(await notices()).toEqual([]);
  });

  test.each([
    [190, "token", 1],
    [0, "token", 1],
    [10, "permission", 1],
    [200, "permission", 1],
    [33, "not_found", 1],
    [100, "not_found", 1],
    [131_048, "quality", 1],
    [368, "blocked", 2],
    [131_031, "locked", 2],
    [131_042, "payment", 2],
  ])("%i engages the kill switch (%s) of %i numbers, once, and says why", async (code, cause, numbers) => {
    await lease(1);
    await learn(answer(code, "account"), answer(code, "account"));
    await learn(answer(code, "account"));
    const found = await stopped();
    expect(found.map((one) => one.cause)).toEqual(Array(numbers).fill(cause));
    expect(found.map((one) => one.target_id)).toContain(numberId);
    expect(await notices()).toEqual(Array(numbers).fill("number_stopped"));
  });
});

describe("a claim that is refused", () => {
  /** The messages of one lane: two or three. */
  async function claimed(): Promise<{ lane: number; messages: ClaimedMessage[] }> {
    const [row] = await t.db.execute<{ lane: number }>(sql`
      select lane from messages where state = 'queued' and not_before <= app_now() group by lane having count(*) > 1
      order by lane limit 1`);
    const lane = row?.lane ?? 0;
    const { messages } = await claimMessages(worker(), { lane, numberId, limit: 500, workerId: newId() });
    return { lane, messages };
  }

  const states = async (lane: number) =>
    (
      await t.db.execute<{ state: string }>(sql`
        select state from messages where lane = ${lane} and state <> 'held_out'`)
    ).map(({ state }) => state);

  test("nothing more of it leaves, all of it stays due, and the number takes no more until it is released", async () => {
    const { lane, messages } = await claimed();
    expect(messages.length).toBeGreaterThan(1);
    let requests = 0;
    await sendClaimed(worker(), {
      numberId,
      messages,
      send: async (): Promise<SendOutcome> => {
        requests++;
        return { kind: "retry", code: 190, scope: "account", afterMs: 3_600_000 };
      },
      mayStart: () => true,
      concurrency: 1,
    });
    expect(requests).toBe(1);
    expect(new Set(await states(lane))).toEqual(new Set(["queued"]));
    expect(await stopped()).toMatchObject([{ target_id: numberId, cause: "token" }]);
    expect((await claimed()).messages).toEqual([]);
  });

  test("131056 spaces out what waits for that person and number, and nothing else", async () => {
    const { lane, messages } = await claimed();
    const [one] = messages;
    if (!one) throw new Error("nothing to send");
    await sendClaimed(worker(), {
      numberId,
      messages: [one],
      send: async (): Promise<SendOutcome> => ({ kind: "retry", code: 131_056, scope: "pair", afterMs: 6_000 }),
      mayStart: () => true,
      concurrency: 1,
    });
    const [row] = await t.db.execute<{ state: string; wait: number }>(sql`
      select state, extract(epoch from not_before - app_now())::float8 as wait from messages
      where lane = ${lane} and id = ${one.messageId}`);
    expect(row).toEqual({ state: "queued", wait: 6 });
    expect(await stopped()).toEqual([]);
    // What waits for other people of the lane is due as before.
    const [others] = await t.db.execute<{ n: number }>(sql`
      select count(*)::int as n from messages where lane = ${lane} and contact_id <> ${one.contactId} and not_before > app_now()`);
    expect(others?.n).toBe(0);
  });
});

test("what waits for one person of one number is moved, not what waits for another person or number", async () => {
  const waiting = await t.db.execute<{ lane: number; id: string; contact_id: string }>(sql`
    select lane, id, contact_id from messages where state = 'queued' and not_before <= app_now() and lane = (
      select lane from messages where state = 'queued' and not_before <= app_now() group by lane having count(*) > 1
      order by lane limit 1)
    order by id limit 2`);
  const [one, other] = waiting;
  if (!one || !other) throw new Error("nothing waits");
  const space = async (number: string) => {
    const until = new Date(worker().now().getTime() + 24_000);
    const [row] = await t.as("worker").execute<{ n: number }>(sql`
      select space_messages(${one.lane}::smallint, ${number}::uuid, array[${one.contact_id}]::uuid[], array[${until}]::timestamptz[]) as n`);
    return row?.n;
  };
  const wait = async (id: string) =>
    (
      await t.db.execute<{ wait: number }>(sql`
        select extract(epoch from not_before - app_now())::float8 as wait from messages where lane = ${one.lane} and id = ${id}`)
    )[0]?.wait;
  expect(await space(neighbour)).toBe(0);
  expect(await space(numberId)).toBe(1);
  expect(await wait(one.id)).toBe(24);
  expect(await wait(other.id)).toBeLessThanOrEqual(0);
});

describe("the portfolio's people in 24 h", () => {
  const people = (n: number) =>
    Array.from({ length: n }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(10, "0")}00`);
  const limited = async (limit: string) =>
    void (await t.db.execute(sql`update phone_numbers set messaging_limit = ${limit}, messages_per_second = 1000000`));
  const used = async () => (await t.db.execute<{ used: number }>(sql`select used from portfolio_usage`))[0]?.used;

  test("blocks of head-room never pass the limit, whoever leases them and from whichever number", async () => {
    await limited("TIER_250");
    const leases = await Promise.all([lease(100), lease(100, neighbour), lease(100), lease(100, neighbour)]);
    expect(leases.map(({ tokens: n }) => n).sort((a, b) => b - a)).toEqual([100, 100, 50, 0]);
  });

  test("what was held and not used is free again; the same person twice counts once", async () => {
    await limited("TIER_250");
    const first = await lease(200);
    await settleLease(worker(), first, { numberId, lane: 0, contactIds: people(20) });
    expect(await used()).toBe(20);
    const second = await lease(100);
    await settleLease(worker(), second, { numberId, lane: 0, contactIds: people(30) });
    expect(await used()).toBe(30);
    expect((await lease(250)).tokens).toBe(220);
  });

  test("a worker that died holds nothing for longer than a minute", async () => {
    await limited("TIER_250");
    expect((await lease(250)).tokens).toBe(250);
    expect((await lease(10)).tokens).toBe(0);
    await t.db.execute(sql`update portfolio_leases set expires_at = clock_timestamp()`);
    expect((await lease(10)).tokens).toBe(10);
  });

  test("at the limit the numbers rest and people are told; after 24 h there is room again and the notice is over", async () => {
    await limited("TIER_250");
    const all = await lease(250);
    await settleLease(worker(), all, { numberId, lane: 0, contactIds: people(250) });
    expect((await lease(1)).tokens).toBe(0);
    expect(await notices()).toEqual(["portfolio_full"]);
    expect((await rowOf(numberId))?.hold_seconds).toBeGreaterThan(0);
    await later(60);
    await campaign.setTime("2026-12-02T09:06:00.000Z");
    expect((await lease(40)).tokens).toBe(40);
    expect(await notices()).toEqual([]);
    await campaign.setTime("2026-12-01T09:05:00.000Z");
  });

  test("a portfolio without a limit keeps no list of people", async () => {
    const held = await lease(10);
    await settleLease(worker(), held, { numberId, lane: 0, contactIds: people(10) });
    const [kept] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from portfolio_recipients`);
    expect(kept?.n).toBe(0);
  });
});
