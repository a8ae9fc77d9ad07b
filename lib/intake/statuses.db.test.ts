import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { signBody } from "@/lib/whatsapp/signature";
import { seededRandom } from "@/lib/whatsapp/testing/webhook-fuzz";
import { dispatchWebhooks } from "./commands/dispatch-webhooks";
import { receiveWebhook } from "./commands/receive-webhook";
import { acceptedMessages, forgetStatuses, META_IDS } from "./testing/accepted-messages";

const t = await testDatabase();
afterAll(() => t.close());
const { campaignId, wamids } = await acceptedMessages(t.db, { count: 60 });
const now = () => new Date("2026-12-01T10:30:00Z");
const worker = t.context(systemActor("worker"), { db: t.as("worker"), now });
beforeAll(async () => {
  // Prices rise in the middle of the stories below: what a message cost must not depend on what was told first.
  for (const [effectiveAt, micros] of [
    ["2026-10-01T00:00:00Z", 50_000],
    ["2026-12-01T10:02:30Z", 60_000],
  ] as const) {
    const id = newId();
    await t.db.execute(sql`
      insert into price_lists (id, name, source, currency, effective_at, created_at)
      values (${id}, 'List', 'test', 'EUR', ${effectiveAt}::timestamptz, now())`);
    await t.db.execute(sql`insert into price_rates values (${id}, 'ES', 'MARKETING', ${micros}::bigint)`);
  }
});

const START = Date.parse("2026-12-01T10:00:00Z");
const minute = (n: number) => new Date(START + n * 60_000);

interface Told {
  status: string;
  minute: number;
  code?: number;
  pricing?: "regular" | "free_customer_service";
}

/** Everything that Meta may tell about one message; charged or free, with receipts or without, failing late or early. */
const stories: readonly Told[][] = [
  [{ status: "sent", minute: 1, pricing: "regular" }],
  [
    { status: "sent", minute: 1, pricing: "regular" },
    { status: "delivered", minute: 2, pricing: "regular" },
    { status: "read", minute: 3 },
  ],
  [
    { status: "sent", minute: 1 },
    { status: "read", minute: 3, pricing: "regular" },
  ],
  [
    { status: "sent", minute: 1 },
    { status: "failed", minute: 2, code: 131_026 },
  ],
  [
    { status: "failed", minute: 1, code: 131_049 },
    { status: "delivered", minute: 3, pricing: "regular" },
  ],
  [
    { status: "sent", minute: 1 },
    { status: "delivered", minute: 2, pricing: "free_customer_service" },
    { status: "played", minute: 4 },
    { status: "read", minute: 5 },
    { status: "failed", minute: 6, code: 131_026 },
  ],
  [
    { status: "delivered", minute: 2, pricing: "regular" },
    { status: "deleted", minute: 9 },
    { status: "teleported", minute: 9 },
  ],
];

/** What a story must end as, whatever the order: the lattice of the reference in a few lines. */
function endOf(story: readonly Told[]) {
  const first = (...words: string[]) => {
    const minutes = story.filter(({ status }) => words.includes(status)).map((told) => told.minute);
    return minutes.length > 0 ? Math.min(...minutes) : null;
  };
  const [sent, delivered, read, failed] = [
    first("sent"),
    first("delivered", "read", "played"),
    first("read", "played"),
    first("failed"),
  ];
  const state =
    read !== null
      ? "read"
      : delivered !== null
        ? "delivered"
        : failed !== null
          ? "failed"
          : sent !== null
            ? "sent"
            : "accepted";
  const pricing = story.find((told) => told.pricing && told.status !== "sent")?.pricing ?? null;
  const price =
    delivered === null || pricing === null ? null : pricing === "regular" ? (delivered > 2.5 ? 60_000 : 50_000) : 0;
  const code = story.find((told) => told.code)?.code ?? null;
  return {
    state,
    sent,
    delivered,
    read,
    failed,
    pricing,
    price,
    code,
    kept: new Set(story.map(({ status }) => status)).size,
  };
}

/** In the order of `wamids`. */
async function ends() {
  const rows = await t.db.execute<{ wamid: string } & Record<string, unknown>>(sql`
    select wamid, state, extract(epoch from sent_at - ${minute(0)}::timestamptz)::int / 60 as sent,
      extract(epoch from delivered_at - ${minute(0)}::timestamptz)::int / 60 as delivered,
      extract(epoch from read_at - ${minute(0)}::timestamptz)::int / 60 as read,
      extract(epoch from failed_at - ${minute(0)}::timestamptz)::int / 60 as failed,
      pricing_type as pricing, cost_micros::int as price, error_code as code,
      (select count(*)::int from message_statuses s where s.lane = m.lane and s.message_id = m.id) as kept
    from messages m where campaign_id = ${campaignId} order by lane, id`);
  return rows.map(({ wamid: _, ...row }) => row);
}

function statusOf(wamid: string, { status, minute: n, code, pricing }: Told) {
  return {
    id: wamid,
    status,
    timestamp: String(minute(n).getTime() / 1_000),
    recipient_id: "34600000000",
    ...(pricing && { pricing: { billable: true, pricing_model: "PMP", type: pricing, category: "marketing" } }),
    ...(code && { errors: [{ code, title: "failed" }] }),
  };
}

async function receive(statuses: object[]): Promise<void> {
  const metadata = { display_phone_number: "15550100100", phone_number_id: META_IDS.phoneNumberId };
  const changes = [{ field: "messages", value: { metadata, nonce: newId(), statuses } }];
  const raw = Buffer.from(JSON.stringify({ entry: [{ id: META_IDS.wabaId, changes }] }));
  const ingress = t.context(systemActor("ingress"), { db: t.as("ingress"), now });
  const reception = await receiveWebhook(ingress, { raw, signature: signBody(raw, "s"), appSecrets: ["s"] });
  expect(reception).toEqual({ kind: "stored" });
}

async function dispatchAll(): Promise<void> {
  // Two at once, as two workers would.
  const work = async () => {
    while ((await dispatchWebhooks(worker)) > 0);
  };
  await Promise.all([work(), work()]);
}

const ROUNDS = process.env.LONG ? 200 : 12;

test(`any order, repetition and interleaving of statuses ends in the same state, cost and counts (${ROUNDS} × 60 messages)`, async () => {
  const random = seededRandom(1_122);
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  const story = (index: number) => stories[index % stories.length] ?? [];
  const expected = wamids.map((_, index) => endOf(story(index)));
  for (let round = 0; round < ROUNDS; round++) {
    await forgetStatuses(t.db, campaignId);
    const told = wamids.flatMap((wamid, index) => {
      const once = story(index).map((one) => statusOf(wamid, one));
      return [...once, ...once.filter(() => random() < 0.5), ...once.filter(() => random() < 0.3)];
    });
    const queue = shuffled(told);
    while (queue.length > 0) {
      await receive(queue.splice(0, 1 + Math.floor(random() * 60)));
      if (random() < 0.4) await dispatchAll();
    }
    await dispatchAll();
    expect(await ends()).toEqual(expected);
  }
  const counts = await t.db.execute(sql`
    select state, count(*)::int as n from messages where campaign_id = ${campaignId} group by state order by state`);
  const states = [...new Set(expected.map(({ state }) => state))].sort();
  expect([...counts]).toEqual(
    states.map((state) => ({ state, n: expected.filter((end) => end.state === state).length })),
  );
});

test("delivered after failed counts as delivered, and that it had failed stays on record", async () => {
  const [wamid = ""] = wamids;
  await forgetStatuses(t.db, campaignId);
  await receive([statusOf(wamid, { status: "failed", minute: 1, code: 131_049 })]);
  await dispatchAll();
  await receive([statusOf(wamid, { status: "delivered", minute: 2 })]);
  await dispatchAll();
  const [row] = await t.db.execute(sql`
    select state, reason, error_code as code, failed_at is not null as failed,
      (select array_agg(status || ' ' || coalesce(error_code::text, '') order by status) from message_statuses s
        where s.message_id = m.id)::text as kept
    from messages m where wamid = ${wamid}`);
  expect(row).toEqual({
    state: "delivered",
    reason: null,
    code: 131_049,
    failed: true,
    kept: '{"delivered ","failed 131049"}',
  });
});

test("a clock that is hours off changes times, never the order of states", async () => {
  const [wamid = ""] = wamids;
  await forgetStatuses(t.db, campaignId);
  await receive([statusOf(wamid, { status: "read", minute: -600 })]);
  await receive([statusOf(wamid, { status: "sent", minute: 600 })]);
  await dispatchAll();
  const [row] = await t.db.execute(sql`select state from messages where wamid = ${wamid}`);
  expect(row).toEqual({ state: "read" });
});
