import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCloudApi } from "../client";
import { freeFormRequest } from "../free-form";
import { createSandboxControl } from "./control";
import type { PlannedFaultInput } from "./faults";
import { startSandbox } from "./server";
import { approveOffer, closeAll, closeLater, offer, quiet, RUSH, setUp, TUESDAY } from "./testing";

afterEach(closeAll);

test("a sent template is answered by signed webhooks, a visit of its link and a purchase with that click", async () => {
  const rehearsal = await setUp({ seed: 7 });
  const { receiver, sandbox, control, api } = rehearsal;
  const keen = { deliver: 1, read: 1, readReceiptsOn: 1, click: 1, reply: 0, optOut: 1, buyLiftPerDelivered: 1 };
  await control.changeWorld({ arms: { oferta_a: keen }, purchases: { baseRate: 0 } });
  await control.addPeople([{ phone: "+34600000001" }]);
  await approveOffer(rehearsal);
  const outcome = await api.sendMessage(sandbox.phoneNumberId, offer("+34600000001"));
  expect(outcome).toMatchObject({ kind: "accepted", waId: "34600000001" });
  await quiet(rehearsal);

  const statuses = receiver.webhooks.filter((item) => item.kind === "status");
  expect(statuses.map(({ status }) => status)).toEqual(expect.arrayContaining(["sent", "read"]));
  expect(new Set(statuses.map(({ callbackData }) => callbackData))).toEqual(new Set(["callback:+34600000001"]));
  expect(receiver.webhooks).toContainEqual(
    expect.objectContaining({ kind: "template_status", event: "APPROVED", name: "oferta_a" }),
  );
  expect(receiver.webhooks).toContainEqual(expect.objectContaining({ kind: "message", waId: "34600000001" }));
  expect(receiver.badSignatures).toBe(0);
  expect(receiver.conversions).toEqual([
    expect.objectContaining({ source: "sandbox-shop", phone: "+34600000001", clickId: "cid-34600000001" }),
  ]);
  expect(receiver.conversionKeys).toEqual(new Set(["Bearer clave"]));
});

test("a world of people answers with the rates that were set, reported completely, whatever the disorder", async () => {
  const rehearsal = await setUp({ seed: 3 });
  const { receiver, sandbox, control, api } = rehearsal;
  const people = Array.from({ length: 600 }, (_, index) => ({ phone: `+346${String(index).padStart(8, "0")}` }));
  const arm = {
    deliver: 0.9,
    read: 0.8,
    readReceiptsOn: 1,
    click: 0.5,
    reply: 0.1,
    optOut: 0.1,
    buyLiftPerDelivered: 0.3,
  };
  await control.changeWorld({ arms: { oferta_a: arm }, purchases: { baseRate: 0.2 } });
  await control.addPeople(people);
  await approveOffer(rehearsal);
  await control.setClock({ appNow: TUESDAY, speed: 1 });
  await control.openHorizon({ from: TUESDAY, hours: 72 });
  const sent = people.slice(0, 400);
  const outcomes = await Promise.all(sent.map(({ phone }) => api.sendMessage(sandbox.phoneNumberId, offer(phone))));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["accepted"]));
  await control.setClock({ appNow: TUESDAY, speed: RUSH });
  await quiet(rehearsal);

  const state = await control.state();
  expect(state).toMatchObject({ people: 600, accepted: 400, mostAcceptedByOnePerson: 1 });
  const reported = (status: string) => {
    const found = receiver.webhooks.flatMap((item) =>
      item.kind === "status" && item.status === status ? [item.wamid] : [],
    );
    return { once: new Set(found).size, all: found.length };
  };
  for (const status of ["sent", "delivered", "read", "failed"] as const) {
    expect(reported(status).once).toBe(state.counts[status]);
  }
  expect(reported("sent").once).toBe(400);
  expect(reported("sent").all).toBeGreaterThan(400); // Some are told twice.
  expect(reported("delivered").once + reported("failed").once).toBeLessThan(400); // Some read without delivered, some silent.

  const orders = receiver.conversions.map(({ orderId }) => orderId);
  expect(orders.length).toBe(state.counts.purchases);
  expect(new Set(orders).size).toBe(orders.length);
  const withoutMessage = new Set(people.slice(400).map(({ phone }) => phone));
  const spontaneous = receiver.conversions.filter(({ phone }) => withoutMessage.has(phone));
  expect(spontaneous.length).toBeGreaterThan(0);
  expect(spontaneous.every(({ clickId }) => clickId === undefined)).toBe(true);
  const end = Date.parse(TUESDAY) + 72 * 3_600_000;
  expect(receiver.conversions.every(({ occurredAt }) => Date.parse(occurredAt) <= end)).toBe(true);

  const bots = receiver.visits.filter(({ userAgent }) => userAgent.startsWith("WhatsApp/2"));
  expect(bots.length).toBeGreaterThan(0);
  expect(receiver.visits.length - bots.length).toBe(state.counts.clicks);
  const taps = receiver.webhooks.filter((item) => item.kind === "message" && item.payload === "OPT_OUT");
  expect(taps.length).toBeGreaterThan(0);
  expect(Math.max(...receiver.postSizes)).toBeGreaterThan(1);
  expect(Math.max(...receiver.postSizes)).toBeLessThanOrEqual(200);
});

test("two worlds with one seed are the same, in whatever order people are sent to", async () => {
  const run = async (order: (phones: string[]) => string[]) => {
    const rehearsal = await setUp({ seed: 5 });
    const phones = Array.from({ length: 60 }, (_, index) => `+3461${String(index).padStart(7, "0")}`);
    await rehearsal.control.addPeople(phones.map((phone) => ({ phone })));
    await approveOffer(rehearsal);
    for (const phone of order(phones)) await rehearsal.api.sendMessage(rehearsal.sandbox.phoneNumberId, offer(phone));
    await quiet(rehearsal);
    const { counts } = await rehearsal.control.state();
    await closeAll();
    return counts;
  };
  expect(await run((phones) => phones)).toEqual(await run((phones) => phones.toReversed()));
});

test("webhooks that are not answered with 200 are repeated until they are", async () => {
  const rehearsal = await setUp({ seed: 2 });
  const { receiver, sandbox, control, api } = rehearsal;
  await approveOffer(rehearsal);
  receiver.refuseWebhooks = 3;
  await api.sendMessage(sandbox.phoneNumberId, offer("+34600000002"));
  await quiet(rehearsal);
  expect(receiver.webhooks).toContainEqual(expect.objectContaining({ kind: "status", status: "sent" }));
  expect((await control.state()).dropped).toEqual({ webhooks: 0, visits: 0, conversions: 0 });
});

test("a restart keeps templates, people and settings, and tells what nobody had heard yet", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const first = await setUp({ seed: 4, dataDir });
  await first.control.addPeople([{ phone: "+34600000003" }]);
  await approveOffer(first);
  await first.api.sendMessage(first.sandbox.phoneNumberId, offer("+34600000003"));
  await quiet(first);
  const heardBefore = first.receiver.webhooks.length;
  // From here on nothing happens in the first life: the clock stands still for our purposes.
  await first.control.setClock({ appNow: "2026-12-24T09:00:00.000Z", speed: 0.001 });
  await first.api.sendMessage(first.sandbox.phoneNumberId, offer("+34600000004"));
  await first.sandbox.close();

  const second = await startSandbox({ dataDir });
  closeLater(second.close);
  expect(second).toMatchObject({ token: first.sandbox.token, appSecret: first.sandbox.appSecret });
  const control = createSandboxControl(second);
  const api = createCloudApi({ baseUrl: second.url, apiVersion: "v25.0", token: second.token });
  closeLater(control.close);
  closeLater(api.close);
  expect(await api.listTemplates(second.wabaId)).toMatchObject({ value: [{ name: "oferta_a", status: "APPROVED" }] });
  expect(await control.state()).toMatchObject({ people: 2, accepted: 2 });
  await control.setClock({ appNow: "2026-12-24T09:00:00.000Z", speed: RUSH });
  await quiet({ control });
  const heardAfter = first.receiver.webhooks.slice(heardBefore);
  expect(heardAfter).toContainEqual(expect.objectContaining({ status: "sent", recipientWaId: "34600000004" }));
  expect(heardAfter.some((item) => item.kind === "status" && item.recipientWaId === "34600000003")).toBe(false);
});

test("what was accepted before a crash is still reported, also when the crash cut the last line of the log", async () => {
  const folder = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(folder, { recursive: true }));
  const [dataDir, crashed] = [join(folder, "alive"), join(folder, "crashed")];
  const first = await setUp({ seed: 4, dataDir });
  await approveOffer(first);
  await first.control.setClock({ appNow: TUESDAY, speed: 0.001 });
  await first.api.sendMessage(first.sandbox.phoneNumberId, offer("+34600000007"));
  await cp(dataDir, crashed, { recursive: true });
  await appendFile(join(crashed, "log.jsonl"), '{"message":{"wam');
  await first.sandbox.close();

  for (const life of [2, 3]) {
    const next = await startSandbox({ dataDir: crashed });
    const control = createSandboxControl(next);
    expect(await control.state(), `life ${life}`).toMatchObject({ accepted: 1 });
    await control.addPeople([{ phone: "+34600000008" }]);
    await control.setClock({ appNow: TUESDAY, speed: RUSH });
    await quiet({ control });
    await control.close();
    await next.close();
  }
  const sent = first.receiver.webhooks.filter((item) => item.kind === "status" && item.status === "sent");
  expect(new Set(sent.map((item) => item.kind === "status" && item.recipientWaId))).toEqual(new Set(["34600000007"]));
});

test("the fault script gives each outcome class, and what was spoilt is accepted once", async () => {
  const rehearsal = await setUp({ seed: 6 });
  const { sandbox, control, api } = rehearsal;
  await approveOffer(rehearsal);
  const sendUnder = async (fault: PlannedFaultInput, client = api) => {
    await control.planFaults([fault]);
    return client.sendMessage(sandbox.phoneNumberId, offer("+34600000005"));
  };
  const impatient = createCloudApi({
    baseUrl: sandbox.url,
    apiVersion: "v25.0",
    token: sandbox.token,
    timeouts: { headersMs: 50 },
  });
  closeLater(impatient.close);
  expect(await sendUnder({ kind: "cut", times: 1 })).toMatchObject({ kind: "ambiguous" });
  expect(await sendUnder({ kind: "malformed", times: 1 })).toMatchObject({ kind: "ambiguous" });
  expect(await sendUnder({ kind: "hang", times: 1 }, impatient)).toMatchObject({ kind: "ambiguous" });
  expect(await sendUnder({ kind: "status", status: 502, times: 1 })).toMatchObject({ kind: "ambiguous" });
  expect(await sendUnder({ kind: "status", status: 429, times: 1 })).toMatchObject({ kind: "retry", scope: "number" });
  expect(await sendUnder({ kind: "error", status: 400, code: 131048, times: 1 })).toMatchObject({
    kind: "retry",
    code: 131048,
  });
  expect(await sendUnder({ kind: "held", times: 1 })).toMatchObject({ kind: "held" });
  expect(await sendUnder({ kind: "latency", ms: 1, times: 1 })).toMatchObject({ kind: "accepted" });
  expect(await control.messages("+34600000005")).toHaveLength(4); // cut, malformed, hang and latency
});

test("free text reaches a person who wrote within 24 hours, and fails with 131047 otherwise", async () => {
  const rehearsal = await setUp({ seed: 8 });
  const { receiver, sandbox, control, api } = rehearsal;
  const leaving = { deliver: 1, read: 1, readReceiptsOn: 1, click: 0, reply: 0, optOut: 1, buyLiftPerDelivered: 0 };
  await control.changeWorld({ arms: { oferta_a: leaving } });
  await approveOffer(rehearsal);
  const text = { type: "text" as const, body: "No recibirás más mensajes.", callbackData: "confirmation" };
  await api.sendMessage(sandbox.phoneNumberId, freeFormRequest({ to: "+34600000006", ...text }));
  await quiet(rehearsal);
  const confirmations = () =>
    receiver.webhooks.filter((item) => item.kind === "status" && item.callbackData === "confirmation");
  expect(confirmations()[0]).toMatchObject({ status: "failed", errors: [{ code: 131047 }] });

  await api.sendMessage(sandbox.phoneNumberId, offer("+34600000006"));
  await quiet(rehearsal);
  const answer = receiver.webhooks.find((item) => item.kind === "message");
  await control.setClock({ appNow: (answer?.kind === "message" ? answer.at : new Date(0)).toISOString(), speed: 1 });
  await api.sendMessage(sandbox.phoneNumberId, freeFormRequest({ to: "+34600000006", ...text }));
  await control.setClock({ appNow: TUESDAY, speed: RUSH });
  await quiet(rehearsal);
  expect(confirmations().map((item) => item.kind === "status" && item.status)).toContain("sent");
});
