import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createSandboxControl } from "./control";
import { startSandbox } from "./server";
import { approveOffer, changesIn, closeAll, closeLater, offer, quiet, type Rehearsal, RUSH, setUp } from "./testing";

afterEach(closeAll);

const PHONE = "+34600000001";
/** After everything that a rush has brought. */
const LATER = "2028-01-11T09:00:00.000Z";
const orderly = { duplicated: 0, reordered: 0, readWithoutDelivered: 0, previewed: 0, beforeResponse: 0 };

/** Somebody holds the phone that has received the offer. */
async function held(options: Parameters<typeof setUp>[0] = {}): Promise<Rehearsal & { wamid: string }> {
  const rehearsal = await setUp({ seed: 7, ...options });
  const { control, api, sandbox } = rehearsal;
  await control.changeWorld({ disorder: orderly });
  await approveOffer(rehearsal);
  await control.act([{ phone: PHONE, do: { act: "take" } }]);
  const outcome = await api.sendMessage(sandbox.phoneNumberId, offer(PHONE));
  await quiet(rehearsal);
  return { ...rehearsal, wamid: outcome.kind === "accepted" ? outcome.wamid : "" };
}

async function told({ receiver, control }: Rehearsal, act: Parameters<Rehearsal["control"]["act"]>[0][number]["do"]) {
  const before = receiver.bodies.length;
  await control.act([{ phone: PHONE, do: act }]);
  await quiet({ control });
  return changesIn(receiver.bodies.slice(before));
}

test("a phone that is held receives, and does nothing by itself", async () => {
  const rehearsal = await held();
  expect((await rehearsal.control.state()).counts).toMatchObject({ delivered: 1, read: 0, clicks: 0 });
  const statuses = (await told(rehearsal, { act: "read" })).flatMap(({ value }) => value.statuses);
  expect(statuses).toMatchObject([{ status: "read", recipient_id: "34600000001" }]);
});

test("a picture arrives with an id under which the API gives its bytes, once per act", async () => {
  const rehearsal = await held();
  const { api, sandbox } = rehearsal;
  await rehearsal.control.setClock({ appNow: LATER, speed: 0 }); // in a rush, seven days are over at once
  const sent = async () =>
    (await told(rehearsal, { act: "photo", caption: "¿Este?" })).flatMap(({ value }) => value.messages ?? [])[0];
  const [one, other] = [await sent(), await sent()];
  expect(one).toMatchObject({ type: "image", image: { mime_type: "image/png", caption: "¿Este?" } });
  expect(other?.image.id).not.toBe(one?.image.id);
  const node = await api.getMedia(one?.image.id, sandbox.phoneNumberId);
  if (node.kind !== "ok") throw new Error(node.kind);
  expect(node.value).toMatchObject({ mime_type: "image/png", sha256: one?.image.sha256 });
  const file = await api.downloadMedia(node.value.url);
  expect(file).toMatchObject({ kind: "ok", value: { length: node.value.file_size } });
});

test("words, quick replies, reactions and the entry from an ad arrive as Meta writes them", async () => {
  const rehearsal = await held();
  const { wamid } = rehearsal;
  const message = async (act: Parameters<typeof told>[1]) =>
    (await told(rehearsal, act)).flatMap(({ value }) => value.messages ?? [])[0];
  const context = { from: "15550100100", id: wamid };
  const from = { from: "34600000001", from_user_id: expect.stringMatching(/^ES\./) };
  expect(await message({ act: "tap", wamid, text: "No quiero más" })).toMatchObject({
    ...{ ...from, context, type: "button", button: { payload: "OPT_OUT", text: "No quiero más" } },
  });
  expect(await message({ act: "write", text: "¿Talla M?", replyTo: wamid })).toMatchObject({
    ...{ ...from, context, type: "text", text: { body: "¿Talla M?" } },
  });
  expect(await message({ act: "react", wamid, emoji: "👍" })).toMatchObject({
    ...{ ...from, type: "reaction", reaction: { message_id: wamid, emoji: "👍" } },
  });
  expect((await message({ act: "react", wamid })).reaction).toEqual({ message_id: wamid });
  await rehearsal.control.setClock({ appNow: LATER, speed: 0 });
  expect((await message({ act: "write", text: "Hola", fromAd: true })).referral).toMatchObject({ source_type: "ad" });
  // The answer within a day is free, and says so with a conversation in every version.
  const before = rehearsal.receiver.bodies.length;
  await rehearsal.api.sendMessage(rehearsal.sandbox.phoneNumberId, offer(PHONE));
  await rehearsal.control.setClock({ appNow: LATER, speed: RUSH });
  await quiet(rehearsal);
  const [sent] = changesIn(rehearsal.receiver.bodies.slice(before)).flatMap(({ value }) => value.statuses ?? []);
  expect(sent).toMatchObject({
    conversation: { origin: { type: "referral_conversion" } },
    pricing: { billable: false, type: "free_entry_point", category: "referral_conversion" },
  });
});

test("the app's own control stops marketing (131050 after 200) until it is switched on again", async () => {
  const rehearsal = await held();
  const [stop] = await told(rehearsal, { act: "stop" });
  expect(stop).toMatchObject({
    field: "user_preferences",
    value: {
      metadata: { phone_number_id: rehearsal.sandbox.phoneNumberId },
      contacts: [{ wa_id: "34600000001" }],
      user_preferences: [{ wa_id: "34600000001", category: "marketing_messages", value: "stop" }],
    },
  });
  expect(stop?.value.user_preferences[0].timestamp).toEqual(expect.any(Number));
  const failures = async () => {
    const before = rehearsal.receiver.bodies.length;
    await rehearsal.api.sendMessage(rehearsal.sandbox.phoneNumberId, offer(PHONE));
    await quiet(rehearsal);
    const values = changesIn(rehearsal.receiver.bodies.slice(before)).map(({ value }) => value);
    return values.flatMap(({ statuses = [] }) => statuses).flatMap(({ errors = [] }) => errors.map(codeOf));
  };
  expect(await failures()).toEqual([131050]);
  expect((await told(rehearsal, { act: "resume" }))[0]?.value.user_preferences[0].value).toBe("resume");
  expect(await failures()).toEqual([]);
});

const codeOf = ({ code }: { code: number }) => code;

test("a new number is a new user id, told by a system message and a user_id_update; the old number reaches nobody", async () => {
  const rehearsal = await held();
  const changes = await told(rehearsal, { act: "change_number", to: "+34600000009" });
  const system = changes.flatMap(({ value }) => value.messages ?? [])[0];
  expect(system).toMatchObject({
    ...{ from: "34600000001", type: "system", system: { type: "user_changed_number", wa_id: "34600000009" } },
  });
  const update = changes.find(({ field }) => field === "user_id_update");
  const [{ user_id: ids, wa_id: waId }] = update?.value.user_id_update ?? [];
  expect(waId).toBe("34600000009");
  expect(ids.previous).not.toBe(ids.current);
  const { api, sandbox } = rehearsal;
  expect(await api.sendMessage(sandbox.phoneNumberId, offer(ids.previous))).toMatchObject({ kind: "rejected" });
  expect(await api.sendMessage(sandbox.phoneNumberId, offer(ids.current))).toMatchObject({ kind: "accepted" });
});

test("acts that cannot be done are refused and change nothing", async () => {
  const { control } = await held();
  await control.addPeople([{ phone: "+34600000002" }]);
  await expect(control.act([{ phone: PHONE, do: { act: "tap", wamid: "wamid.none", text: "x" } }])).rejects.toThrow(
    "unknown_message",
  );
  await expect(control.act([{ phone: PHONE, do: { act: "change_number", to: "+34600000002" } }])).rejects.toThrow(
    "number_taken",
  );
  expect((await control.state()).people).toBe(2);
});

test("a purchase by hand has its amount and an order of its own", async () => {
  const rehearsal = await held();
  await rehearsal.control.act([
    { phone: PHONE, do: { act: "buy", amountMicros: 12_340_000 } },
    { phone: PHONE, do: { act: "buy", amountMicros: 1_000_000 } },
  ]);
  await quiet(rehearsal);
  const { conversions } = rehearsal.receiver;
  expect(conversions.map(({ amountMicros }) => amountMicros)).toEqual([12_340_000, 1_000_000]);
  expect(new Set(conversions.map(({ orderId }) => orderId)).size).toBe(2);
});

test("what was done by hand is still so after a restart, and is told again only when nobody may have heard it", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const first = await held({ dataDir });
  await told(first, { act: "write", text: "una vez" });
  await told(first, { act: "stop" });
  await told(first, { act: "change_number", to: "+34600000009" });
  await first.sandbox.close(); // Closing notes that everything was heard.

  const second = await startSandbox({ dataDir });
  closeLater(second.close);
  const control = createSandboxControl(second);
  closeLater(control.close);
  const before = first.receiver.bodies.length;
  await control.setClock({ appNow: "2027-01-24T09:00:00.000Z", speed: RUSH });
  await quiet({ control });
  expect(first.receiver.bodies.slice(before).join()).not.toContain("una vez");
  const page = await fetch(`${second.url}/sandbox/phones/${encodeURIComponent("+34600000009")}?lang=en`);
  const text = await page.text();
  for (const words of ["una vez", "You hold this phone", "off in the app"]) expect(text).toContain(words);
});
