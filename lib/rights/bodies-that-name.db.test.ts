import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { receiveWebhook } from "@/lib/intake/commands/receive-webhook";
import { signBody } from "@/lib/whatsapp/signature";
import { previewErasure } from "./queries/preview-erasure";
import { type RightsWorld, rightsWorld } from "./testing/people";

const t = await testDatabase();
afterAll(() => t.close());

let world: RightsWorld;
let worker: Context;
let source: { waba_id: string; phone_number_id: string } | undefined;
/** Positions in the world of those who were written to. */
let writtenTo: number[];
beforeAll(async () => {
  world = await rightsWorld(t, 12);
  const now = () => world.iria.now();
  worker = t.context(systemActor("worker"), { db: t.as("worker"), now });
  [source] = await t.db.execute<{ waba_id: string; phone_number_id: string }>(
    sql`select waba_id, phone_number_id from phone_numbers`,
  );
  const sent = await t.db.execute<{ id: string }>(sql`select contact_id as id from messages where wamid is not null`);
  writtenTo = world.contactIds.flatMap((id, index) => (sent.some((one) => one.id === id) ? [index] : []));
  expect(writtenTo.length).toBeGreaterThanOrEqual(6);
});

/** The n-th of those who were written to, and the number that the world gave them. */
const person = (n: number) => world.contact(writtenTo[n] ?? -1);
const waIdOf = (n: number) => `34600${String(100_000 + (writtenTo[n] ?? 0))}`;

interface Told {
  /** Whose message it is about. */
  of: number;
  status: string;
  recipient?: object;
  at?: number;
}

/** One webhook; answers its id when all of it was done. */
async function tell(...all: Told[]): Promise<string> {
  const statuses = [];
  for (const { of, status, recipient, at } of all) {
    const [message] = await t.db.execute<{ wamid: string }>(
      sql`select wamid from messages where contact_id = ${person(of)}`,
    );
    const timestamp = String(at ?? Math.floor(world.iria.now().getTime() / 1_000));
    statuses.push({ id: message?.wamid, status, timestamp, ...(recipient ?? { recipient_id: waIdOf(of) }) });
  }
  const value = { metadata: { phone_number_id: source?.phone_number_id }, statuses };
  const raw = Buffer.from(
    JSON.stringify({ entry: [{ id: source?.waba_id, changes: [{ field: "messages", value }] }] }),
  );
  const ingress = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => world.iria.now() });
  await receiveWebhook(ingress, { raw, signature: signBody(raw, "s"), appSecrets: ["s"] });
  while ((await dispatchWebhooks(worker)) > 0);
  const [body] = await t.db.execute<{ id: string }>(sql`select id from webhook_inbox order by id desc limit 1`);
  return body?.id ?? "";
}

async function bodiesNaming(index: number): Promise<number> {
  const { goes } = await previewErasure(world.iria, { contactId: person(index) });
  return goes.find(({ what }) => what === "bodies")?.count ?? 0;
}

async function erase(index: number): Promise<void> {
  const contactId = person(index);
  await t.db.execute(sql`select erase_people(array[${contactId}::uuid], false, ${world.iria.now()}::timestamptz)`);
}

async function isReadable(inboxId: string): Promise<boolean> {
  const rows = await t.db.execute(sql`select 1 from webhook_inbox where id = ${inboxId} and raw_sealed is not null`);
  return rows.length > 0;
}

async function indexed(inboxId: string): Promise<number> {
  return (await t.db.execute(sql`select 1 from webhook_inbox_contacts where inbox_id = ${inboxId}`)).length;
}

test("a body about somebody known is found by their message, with nothing written beside it", async () => {
  const inboxId = await tell({ of: 0, status: "sent" }, { of: 1, status: "sent" });
  expect(await indexed(inboxId)).toBe(0);
  expect([await bodiesNaming(0), await bodiesNaming(1), await bodiesNaming(2)]).toEqual([1, 1, 0]);
  await erase(0);
  expect(await isReadable(inboxId)).toBe(false);
});

test("a status that several bodies tell is found in all of them, whichever came first and whichever is earlier", async () => {
  const at = Math.floor(world.iria.now().getTime() / 1_000);
  const bodies = [
    await tell({ of: 1, status: "read", at }),
    await tell({ of: 1, status: "read", at: at - 60 }),
    await tell({ of: 1, status: "read", at: at + 60 }, { of: 1, status: "read", at: at + 30 }),
  ];
  expect(await bodiesNaming(1)).toBe(1 + bodies.length);
  await erase(1);
  for (const inboxId of bodies) expect(await isReadable(inboxId)).toBe(false);
});

test("what names somebody else than the message went to is found by that person too", async () => {
  const inboxId = await tell({ of: 2, status: "sent", recipient: { recipient_id: waIdOf(3) } });
  expect([await bodiesNaming(2), await bodiesNaming(3)]).toEqual([1, 1]);
  await erase(3);
  expect(await isReadable(inboxId)).toBe(false);
});

test("a user id that is new is learnt, and from then on its owner is known by it", async () => {
  const recipient = { recipient_id: waIdOf(4), recipient_user_id: "ES.900000004" };
  expect(await indexed(await tell({ of: 4, status: "sent", recipient }))).toBe(2);
  expect(await indexed(await tell({ of: 4, status: "read", recipient }))).toBe(0);
  expect(await bodiesNaming(4)).toBe(2);
});

test("a group's status names its members, who are nobody's recipients", async () => {
  const group = { recipient_type: "group", recipient_id: "120363000000000001" };
  const inboxId = await tell({ of: 5, status: "sent", recipient: { ...group, recipient_participant_id: waIdOf(4) } });
  expect(await bodiesNaming(4)).toBe(3);
  await erase(4);
  expect(await isReadable(inboxId)).toBe(false);
});

test("what is told of a message after its person was erased does not bring back Meta's id, which holds their number", async () => {
  const [attempt] = await t.db.execute<{ id: string; lane: number }>(
    sql`select id, lane from send_attempts where contact_id = ${person(5)}`,
  );
  const theirs = sql`contact_id = ${person(5)}`;
  const told = {
    id: "wamid.told-late",
    recipient_id: waIdOf(5),
    biz_opaque_callback_data: `${attempt?.lane}.${attempt?.id}`,
  };
  await erase(5);
  await tell({ of: 5, status: "read", recipient: told });
  expect(await t.db.execute(sql`select state, wamid from messages where ${theirs}`)).toEqual([
    { state: "read", wamid: null },
  ]);
  await t.db.execute(sql`update messages set state = 'unknown', read_at = null where ${theirs}`);
  await tell({ of: 5, status: "read", recipient: told, at: 1_790_000_000 });
  expect(await t.db.execute(sql`select state, wamid from messages where ${theirs}`)).toEqual([
    { state: "read", wamid: null },
  ]);
  const kept = await t.db.execute(sql`
    select kind, wamid from attempt_outcomes where attempt_id = ${attempt?.id ?? ""}::uuid order by n`);
  expect(kept).toEqual([
    { kind: "accepted", wamid: null },
    { kind: "reconciled", wamid: null },
  ]);
});
