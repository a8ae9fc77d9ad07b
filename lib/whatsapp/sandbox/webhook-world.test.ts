import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { approveOffer, changesIn, closeAll, offer, quiet, type Rehearsal, RUSH, setUp, TUESDAY } from "./testing";
import type { WorldInput } from "./world";

afterEach(closeAll);

/** Names of the samples whose fields stand outside of `messages`. */
const ACCOUNT_FIELDS =
  /^(account|business-capability|business-username|phone-number-(quality|name)|security|template-(status|quality|category|components))-?.*(?<!response)\.json$/;
const PHONE = "+34600000001";
const orderly = { duplicated: 0, reordered: 0, readWithoutDelivered: 0, previewed: 0, beforeResponse: 0 };
const keen = { deliver: 1, read: 1, readReceiptsOn: 1, click: 0, reply: 0, optOut: 0, buyLiftPerDelivered: 0 };

/** A rehearsal in which everybody reads and nothing is in disorder, and an approved template. */
async function orderlyWorld(change: WorldInput = {}): Promise<Rehearsal> {
  const rehearsal = await setUp({ seed: 7 });
  await rehearsal.control.changeWorld({ arms: { oferta_a: keen }, disorder: orderly, ...change });
  await approveOffer(rehearsal);
  return rehearsal;
}

/** Statuses told of one person's messages, with the contacts that stood beside them. */
async function statusesOf(rehearsal: Rehearsal, to: string) {
  const before = rehearsal.receiver.bodies.length;
  expect(await rehearsal.api.sendMessage(rehearsal.sandbox.phoneNumberId, offer(to))).toMatchObject({
    kind: "accepted",
  });
  await quiet(rehearsal);
  const values = changesIn(rehearsal.receiver.bodies.slice(before)).map(({ value }) => value);
  return {
    statuses: values.flatMap(({ statuses = [] }) => statuses),
    contacts: values.flatMap(({ contacts = [] }) => contacts),
  };
}

test("pricing stands at `sent` and at the first proof of delivery; v24 and later have no conversation", async () => {
  const { statuses, contacts } = await statusesOf(await orderlyWorld(), PHONE);
  const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" };
  expect(statuses.map((one) => [one.status, one.pricing, one.conversation])).toEqual([
    ["sent", pricing, undefined],
    ["delivered", pricing, undefined],
    ["read", undefined, undefined],
  ]);
  expect(new Set(contacts.map(({ wa_id }) => wa_id))).toEqual(new Set(["34600000001"]));
});

test("v23 webhooks carry a conversation of the message's own, with its end on `sent` alone", async () => {
  const rehearsal = await orderlyWorld({ webhookShape: { version: "v23.0" } });
  const { statuses } = await statusesOf(rehearsal, PHONE);
  const [sent, delivered, read] = statuses.map(({ conversation }) => conversation);
  expect(sent).toEqual({
    id: expect.stringMatching(/^\w{32}$/),
    origin: { type: "marketing" },
    expiration_timestamp: expect.stringMatching(/^\d{10}$/),
  });
  expect(delivered).toEqual({ id: sent.id, origin: sent.origin });
  expect(read).toBeUndefined();
});

test("`read` without `delivered` carries the pricing in its stead", async () => {
  const rehearsal = await orderlyWorld({ disorder: { ...orderly, readWithoutDelivered: 1 } });
  const { statuses } = await statusesOf(rehearsal, PHONE);
  expect(statuses.map((one) => [one.status, one.pricing !== undefined])).toEqual([
    ["sent", true],
    ["read", true],
  ]);
});

test("a status can be told before the API has answered", async () => {
  const rehearsal = await orderlyWorld({ disorder: { ...orderly, beforeResponse: 1 } });
  const { receiver, api, sandbox } = rehearsal;
  await rehearsal.control.setClock({ appNow: TUESDAY, speed: 0 });
  await api.sendMessage(sandbox.phoneNumberId, offer(PHONE));
  const told = receiver.webhooks.filter((item) => item.kind === "status");
  expect(told.map((item) => item.kind === "status" && [item.status, item.callbackData])).toEqual([
    ["sent", `callback:${PHONE}`],
  ]);
  await rehearsal.control.setClock({ appNow: TUESDAY, speed: RUSH });
  await quiet(rehearsal);
  expect((await rehearsal.control.state()).counts).toMatchObject({ sent: 1, delivered: 1 });
});

test("a status that is told late keeps the time at which it happened", async () => {
  const rehearsal = await orderlyWorld({ disorder: { ...orderly, delayed: 1, delaySeconds: 3_600 } });
  const { receiver, control, api, sandbox } = rehearsal;
  await control.setClock({ appNow: TUESDAY, speed: 0 });
  await api.sendMessage(sandbox.phoneNumberId, offer(PHONE));
  await control.stepClock(3_599);
  while (Date.parse((await control.state()).nextEventAt ?? TUESDAY) <= Date.parse(TUESDAY) + 3_599_000);
  const told = () => receiver.webhooks.flatMap((item) => (item.kind === "status" ? [item] : []));
  expect(told()).toEqual([]);
  await control.setClock({ appNow: TUESDAY, speed: RUSH });
  await quiet(rehearsal);
  const sent = told().find(({ status }) => status === "sent");
  expect(sent?.at.getTime()).toBeLessThan(Date.parse(TUESDAY) + 5_000);
});

test("failed follows sent, and delivered can follow failed", async () => {
  const rehearsal = await orderlyWorld({
    arms: { oferta_a: { ...keen, deliver: 0 } },
    disorder: { ...orderly, deliveredAfterFailed: 1 },
  });
  const phones = Array.from({ length: 12 }, (_, index) => `+346000001${String(index).padStart(2, "0")}`);
  const ends = new Set<string>();
  for (const phone of phones) {
    const { statuses } = await statusesOf(rehearsal, phone);
    ends.add(statuses.map(({ status }) => status).join(" "));
    const failed = statuses.find(({ status }) => status === "failed");
    if (failed) expect(failed).toMatchObject({ recipient_id: phone.slice(1), errors: [{ code: 131026 }] });
    if (failed) expect(failed).not.toHaveProperty("recipient_user_id");
  }
  expect(ends).toEqual(new Set(["sent", "sent failed delivered"])); // Some phones just stay off.
});

test("a hidden phone is not named to a business that knows the user id only, and is for a month after a send to it", async () => {
  const rehearsal = await orderlyWorld({ webhookShape: { maxBatch: 1 } });
  await rehearsal.control.addPeople([{ phone: PHONE, username: "@ana.example", hidesPhone: true }]);
  const first = await statusesOf(rehearsal, PHONE);
  const userId = first.statuses[0].recipient_user_id;
  expect(userId).toMatch(/^ES\.\d+$/);
  expect(first.statuses.every(({ recipient_id }) => recipient_id === "34600000001")).toBe(true);
  await rehearsal.control.stepClock(31 * 24 * 3_600);
  const { statuses, contacts } = await statusesOf(rehearsal, userId);
  for (const one of statuses) {
    expect(one).not.toHaveProperty("recipient_id");
    expect(one.recipient_user_id).toBe(userId);
  }
  for (const one of contacts) expect(one).not.toHaveProperty("wa_id");
  // `sent` says nothing of the username.
  expect(new Set(contacts.map(({ profile }) => profile.username))).toEqual(new Set([undefined, "@ana.example"]));
});

test("parent user ids stand beside the others when the portfolio is enrolled, and none stand in legacy webhooks", async () => {
  const rehearsal = await orderlyWorld({ webhookShape: { hasParentUserIds: true } });
  const enrolled = await statusesOf(rehearsal, PHONE);
  expect(enrolled.statuses[1].recipient_parent_user_id).toMatch(/^ES\.ENT\.\d+$/);
  expect(enrolled.contacts[0].parent_user_id).toBe(enrolled.statuses[1].recipient_parent_user_id);
  await rehearsal.control.changeWorld({ webhookShape: { hasUserIds: false } });
  const legacy = await statusesOf(rehearsal, PHONE);
  expect(legacy.contacts).toEqual([]);
  for (const one of legacy.statuses) expect(Object.keys(one).filter((key) => key.includes("user_id"))).toEqual([]);
});

test("a post holds up to 1,000 updates, escaped like Meta's and signed as it is sent", async () => {
  const rehearsal = await setUp({ seed: 7 });
  const { control, receiver } = rehearsal;
  await control.changeWorld({ webhookShape: { maxBatch: 1_000 }, disorder: orderly });
  const value = { decision: "APPROVED", requested_verified_name: "Ñandú 🦙 S/A" };
  await control.emitChanges(Array.from({ length: 1_500 }, () => ({ field: "phone_number_name_update", value })));
  await quiet(rehearsal);
  expect(receiver.badSignatures).toBe(0);
  expect([...receiver.postSizes].sort((a, b) => a - b)).toEqual([500, 1_000]);
  expect(receiver.bodies[0]).toContain('"\\u00d1and\\u00fa \\ud83e\\udd99 S\\/A"');
  expect(changesIn(receiver.bodies)).toHaveLength(1_500);
  await control.changeWorld({ webhookShape: { escapesSlashes: false } });
  await control.emitChanges([{ field: "phone_number_name_update", value }]);
  await quiet(rehearsal);
  expect(receiver.bodies.at(-1)).toContain('\\ud83e\\udd99 S/A"');
});

test("every field of the account is emitted as Meta writes it", async () => {
  const { control, receiver } = await setUp({ seed: 7 });
  await control.changeWorld({ disorder: orderly, webhookShape: { maxBatch: 1_000 } });
  const folder = join(import.meta.dirname, "../samples");
  const samples = readdirSync(folder).filter((name) => ACCOUNT_FIELDS.test(name));
  const changes = samples.flatMap((name) => changesIn([readFileSync(join(folder, name), "utf8")]));
  await control.emitChanges(changes);
  await quiet({ control });
  expect(changesIn(receiver.bodies)).toEqual(changes);
  expect(new Set(changes.map(({ field }) => field)).size).toBeGreaterThanOrEqual(10);
  expect(receiver.webhooks.filter(({ kind }) => kind === "unknown")).toEqual([]);
});

test("an acknowledgement that is lost brings the same updates again", async () => {
  const rehearsal = await orderlyWorld();
  await rehearsal.control.planFaults([{ on: "webhooks", kind: "drop_ack", times: 2 }]);
  const { statuses } = await statusesOf(rehearsal, PHONE);
  const told = statuses.map(({ status }) => status);
  expect(told.length).toBeGreaterThan(3);
  expect(new Set(told)).toEqual(new Set(["sent", "delivered", "read"]));
});

test("people read and answer in the waking hours of their own time zone", async () => {
  const rehearsal = await orderlyWorld({
    arms: { oferta_a: { ...keen, reply: 1, tap: 0 } },
    activity: { from: 9, to: 21 },
  });
  const { receiver, control, api, sandbox } = rehearsal;
  await control.setClock({ appNow: "2026-11-24T20:30:00.000Z", speed: 0 }); // 21:30 in Madrid, 14:30 in Mexico
  const phones = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, "0"));
  for (const number of phones) {
    await api.sendMessage(sandbox.phoneNumberId, offer(`+346000002${number}`));
    await api.sendMessage(sandbox.phoneNumberId, offer(`+5255000002${number}`));
  }
  await control.setClock({ appNow: "2026-11-24T20:30:00.000Z", speed: RUSH });
  await quiet(rehearsal);
  const localHours = (zone: number) => (item: { at: Date }) => new Date(item.at.getTime() + zone * 3_600_000);
  const reads = receiver.webhooks.flatMap((item) => {
    const isRead = item.kind === "status" && item.status === "read";
    const isAnswer = item.kind === "message";
    const waId = item.kind === "status" ? item.recipientWaId : item.kind === "message" ? item.waId : undefined;
    if (!(isRead || isAnswer) || !waId || !("at" in item)) return [];
    return [localHours(waId.startsWith("34") ? 1 : -6)(item).getUTCHours()];
  });
  expect(reads.length).toBeGreaterThanOrEqual(120);
  expect(reads.every((hour) => hour >= 9 && hour < 21)).toBe(true);
});
