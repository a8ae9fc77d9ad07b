import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { getBooks } from "@/lib/sending/queries/get-books";
import { signBody } from "@/lib/whatsapp/signature";
import { type WiredCampaign, wiredCampaign } from "./testing/wired-campaign";

// What goes wrong between Meta and us, end to end: send loop, sandbox, ingress, intake, and how the books stand afterwards.

const t = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), "contraste-faults-"));
let wired: WiredCampaign;

beforeAll(async () => {
  wired = await wiredCampaign(t, 120, dataDir);
});
afterAll(async () => {
  await wired?.close();
  await t.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Whatever happened: every recipient stands somewhere, and nobody was written to twice. */
afterEach(async () => {
  const books = await getBooks(wired.world.worker, wired);
  expect(books.isClosed).toBe(true);
  expect((await wired.control.state()).mostAcceptedByOnePerson).toBeLessThanOrEqual(1);
});

const accepted = async () => (await wired.control.state()).accepted;
const all = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

/** What keeps the number from sending, as a person finds it. */
async function stops(): Promise<string[]> {
  const rows = await t.db.execute<{ cause: string }>(sql`select cause from kill_switches where released_at is null`);
  return rows.map(({ cause }) => cause);
}

/** Two people have agreed that the number may send again. */
async function release(): Promise<void> {
  await t.db.execute(sql`update kill_switches set released_at = now()`);
}

test("without trouble everybody is sent to once, and read is what the books say", async () => {
  const ids = await wired.due(3);
  await wired.send();
  await wired.settle();
  expect(await wired.states(ids)).toEqual({ states: all(3, "read"), attempts: all(3, 1) });
});

test.each([
  ["an expired token", "token", { token: "SANDBOXexpired" }],
  ["the id of a number that is not ours", "not_found", { phoneNumberId: "800000000000999" }],
])("%s stops the number and loses nothing: mended, everybody is sent to", async (_what, cause, settings) => {
  const before = await accepted();
  const ids = await wired.due(4);
  await wired.connect(settings);
  await wired.send();
  expect(await stops()).toEqual([cause]);
  expect((await wired.states(ids)).states).toEqual(all(4, "queued"));
  await wired.dueAgain(ids);
  await wired.send(); // stopped: not even asked again
  expect(await accepted()).toBe(before);

  if ("phoneNumberId" in settings)
    await t.db.execute(sql`update phone_numbers set phone_number_id = '800000000000001'`);
  await wired.connect();
  await release();
  await wired.dueAgain(ids);
  await wired.send();
  await wired.settle();
  expect((await wired.states(ids)).states).toEqual(all(4, "read"));
  expect(await accepted()).toBe(before + 4);
});

test("a wrong app secret refuses every webhook and keeps none; with the right one Meta's repetitions bring them all", async () => {
  const ids = await wired.due(3);
  const [before] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from webhook_inbox`);
  await wired.connect({ appSecret: "of another app" });
  wired.posts.length = 0;
  await wired.send();
  await expect.poll(() => wired.posts.length, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(new Set(wired.posts.map(({ status }) => status))).toEqual(new Set([401]));
  expect(await t.db.execute(sql`select count(*)::int as n from webhook_inbox`)).toEqual([before]);
  expect((await wired.states(ids)).states).toEqual(all(3, "accepted"));

  await wired.connect();
  await wired.settle();
  expect((await wired.states(ids)).states).toEqual(all(3, "read"));
});

test("old bodies, posted again by whoever has them, change nothing", async () => {
  const ids = await wired.due(3);
  wired.posts.length = 0;
  await wired.send();
  await wired.settle();
  const books = await getBooks(wired.world.worker, wired);
  const kept = await recorded(ids);
  const taken = wired.posts.filter(({ status }) => status === 200);
  for (const { raw, signature } of taken) expect(await wired.post(raw, signature)).toBe(200);
  // The same items in another spelling, which Meta signs as well: older ones come after younger ones.
  for (const { raw } of taken.toReversed()) {
    const spelled = Buffer.from(JSON.stringify(JSON.parse(raw.toString("utf8")), null, 1));
    expect(await wired.post(spelled, signBody(spelled, wired.secrets.appSecret))).toBe(200);
  }
  await wired.settle();
  expect(await getBooks(wired.world.worker, wired)).toEqual(books);
  expect(await recorded(ids)).toEqual(kept);
});

test("a body that another secret signed is refused even when it was true once", async () => {
  const [post] = wired.posts;
  if (!post) throw new Error("nothing was posted");
  expect(await wired.post(post.raw, signBody(post.raw, "of another app"))).toBe(401);
  expect(await wired.post(Buffer.concat([post.raw, Buffer.from(" ")]), post.signature)).toBe(401);
});

test.each([
  ["cut", { kind: "cut" as const }],
  ["malformed", { kind: "malformed" as const }],
  ["an HTTP error without a body", { kind: "status" as const, status: 502 }],
])(
  "%s: who may have been written to is unknown, is never written to again, and a status settles it",
  async (_name, fault) => {
    const before = await accepted();
    const ids = await wired.due(2);
    await wired.control.planFaults([{ ...fault, times: 2 }]);
    await wired.send();
    expect(await wired.states(ids)).toEqual({ states: all(2, "unknown"), attempts: [1, 1] });
    await wired.dueAgain(ids);
    await wired.send();
    await wired.settle();
    const took = (await accepted()) - before;
    expect(took).toBe("status" in fault ? 0 : 2);
    expect(await wired.states(ids)).toEqual({ states: all(2, took ? "read" : "unknown"), attempts: [1, 1] });
  },
);

test("a sandbox that is killed in the middle of its answers: once it is back, its statuses settle everybody", async () => {
  const ids = await wired.due(3);
  const before = await accepted();
  await wired.control.planFaults([{ kind: "hang", times: 3 }]);
  const sending = wired.send();
  await expect.poll(accepted, { timeout: 30_000 }).toBe(before + 3);
  await wired.restartSandbox();
  await sending;
  expect((await wired.states(ids)).attempts).toEqual(all(3, 1));
  await wired.settle();
  expect((await wired.states(ids)).states).toEqual(all(3, "read"));
});

test("over the throughput waits and is sent later, once; after a service error nothing is certain, and nothing is repeated", async () => {
  const before = await accepted();
  const ids = await wired.due(3);
  await wired.control.planFaults([
    { kind: "error", status: 400, code: 130429, times: 1 },
    { kind: "error", status: 500, code: 131016, times: 1 },
  ]);
  for (let round = 0; round < 3; round++) {
    await wired.send();
    await wired.dueAgain(ids);
  }
  await wired.settle();
  const { states, attempts } = await wired.states(ids);
  expect(states.toSorted()).toEqual(["read", "read", "unknown"]);
  expect(attempts.toSorted()).toEqual([1, 1, 2]);
  expect(await accepted()).toBe(before + 2);
});

/** The statuses of messages as they are kept. */
async function recorded(ids: readonly string[]) {
  const rows = await t.db.execute(sql`
    select message_id, status, provider_at, error_code from message_statuses
    where message_id in (select id from messages where id::text = any(string_to_array(${ids.join(",")}, ',')))
    order by message_id, status`);
  return [...rows];
}

const metadata = { display_phone_number: "15550100100", phone_number_id: "800000000000001" };

/** One signed post with these statuses, written by `write`; what the intake makes of it. */
async function tell(statuses: object[], write = (json: string) => Buffer.from(json)): Promise<number> {
  const value = { messaging_product: "whatsapp", metadata, statuses };
  const entry = [{ id: "900000000000001", changes: [{ field: "messages", value }] }];
  const raw = write(JSON.stringify({ object: "whatsapp_business_account", entry }));
  const status = await wired.post(raw, signBody(raw, wired.secrets.appSecret));
  await wired.settle();
  return status;
}

/** Messages that Meta took and that reach nobody. */
async function undelivered(count: number) {
  const ids = await wired.due(count);
  await wired.control.changeWorld({ otherwise: { deliver: 0 } });
  await wired.send();
  await wired.settle();
  await wired.control.changeWorld({ otherwise: { deliver: 1 } });
  return { ids, wamids: await wired.wamids(ids) };
}

test("invalid UTF-8, doubled keys, numbers as text and text as numbers, and clocks hours off: each is read, and its neighbours", async () => {
  const { ids, wamids } = await undelivered(5);
  const at = Math.floor(wired.world.worker.now().getTime() / 1_000);
  const status = (index: number, more: object) => ({
    id: wamids[index],
    status: "delivered",
    timestamp: String(at),
    recipient_id: "34600100000",
    ...more,
  });
  const stated = [
    status(0, { timestamp: at, recipient_id: 34600100000 }),
    status(1, { status: "failed", errors: [{ code: "131026", title: 7 }] }),
    status(2, { timestamp: String(at + 6 * 3_600) }),
    status(3, { timestamp: String(at - 6 * 3_600) }),
    { nonsense: true },
    status(4, { biz_opaque_callback_data: "\u0000" }),
  ];
  const broken = (json: string) => {
    const doubled = json.replace('"object":', '"object":"of_another_kind","object":');
    const [head = "", tail = ""] = doubled.split("true}");
    return Buffer.concat([Buffer.from(head), Buffer.from('"'), Buffer.of(0xff, 0xc3), Buffer.from(`"}${tail}`)]);
  };
  expect(await tell(stated, broken)).toBe(200);
  const { states } = await wired.states(ids);
  expect(states.filter((state) => state === "delivered")).toHaveLength(4);
  expect(states.filter((state) => state === "failed")).toHaveLength(1);
});

test("a body at the limit of three megabytes is taken with all its statuses, and one byte more is refused whole", async () => {
  const LIMIT = 3 * 1024 * 1024;
  const { ids, wamids } = await undelivered(1);
  const [id] = wamids;
  const kept = await wired.states(ids);
  const one = { id, status: "delivered", timestamp: "1796115900", recipient_id: "34600100000" };
  const padded = (size: number) => (json: string) => Buffer.from(json.padEnd(size, " "));
  const [before] = await t.db.execute<{ n: number }>(sql`select count(*)::int as n from webhook_inbox`);
  expect(await tell([one], padded(LIMIT + 1))).toBe(413);
  expect(await t.db.execute(sql`select count(*)::int as n from webhook_inbox`)).toEqual([before]);
  expect(await wired.states(ids)).toEqual(kept);
  expect(await tell([one], padded(LIMIT))).toBe(200);
  expect((await wired.states(ids)).states).toEqual(["delivered"]);
});
