import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { approved, type GraphRehearsal, plainDraft, plainSend, setUpGraph } from "./graph-testing";
import type { TemplateEvent } from "./template-control-routes";
import { closeAll, closeLater } from "./testing";

afterEach(closeAll);

const HOUR = 3_600;
const DAY = 24 * HOUR;
const reached = { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 0, optOut: 0 };
const phone = (index: number) => `+346${String(index).padStart(8, "0")}`;

async function sendMany({ send }: GraphRehearsal, name: string, { from = 0, count }: { from?: number; count: number }) {
  const all = Array.from({ length: count }, (_, index) => send({ ...plainSend(name), to: phone(from + index) }));
  await Promise.all(all);
}

async function block({ control }: GraphRehearsal, ...indexes: number[]) {
  await control.act(indexes.map((index) => ({ phone: phone(index), do: { act: "block", reason: "SPAM" } as const })));
}

const statusOf = async ({ call }: GraphRehearsal, id: string) =>
  (await call("GET", `${id}?fields=status,quality_score`)).body;
const events = (graph: GraphRehearsal) =>
  graph.heard("template_status").map((item) => (item.kind === "template_status" ? item.event : ""));

test("blocks make a template yellow, then red; red pauses for 3 hours, then 6, then for good", async () => {
  const quality = { leastDelivered: 20, yellowBlockRate: 0.05, redBlockRate: 0.1 };
  const graph = await setUpGraph({ arms: { oferta: reached }, api: { quality } });
  const id = await approved(graph, plainDraft("oferta"));
  const round = async (from: number) => {
    await sendMany(graph, "oferta", { from, count: 20 });
    await graph.pass(4 * HOUR);
    await block(graph, from);
    const afterOne = await statusOf(graph, id);
    await block(graph, from + 1);
    return [afterOne, await statusOf(graph, id)];
  };
  expect(await round(0)).toMatchObject([
    { status: "APPROVED", quality_score: { score: "YELLOW" } },
    { status: "PAUSED", quality_score: { score: "RED" } },
  ]);
  expect(await graph.send(plainSend("oferta"))).toMatchObject({ status: 400, body: { error: { code: 132015 } } });
  expect(await graph.call("POST", `${id}/unpause`)).toMatchObject({ status: 400 });
  const number = await graph.call("GET", `${graph.sandbox.phoneNumberId}?fields=quality_rating`);
  expect(number.body.quality_rating).toBe("RED");
  await graph.pass(3 * HOUR);
  expect(await statusOf(graph, id)).toMatchObject({ status: "APPROVED" });

  expect((await round(100))[1]).toMatchObject({ status: "PAUSED" });
  await graph.pass(3 * HOUR);
  expect(await statusOf(graph, id)).toMatchObject({ status: "PAUSED" });
  await graph.pass(3 * HOUR);
  expect((await round(200))[1]).toMatchObject({ status: "DISABLED" });
  expect(await graph.send(plainSend("oferta"))).toMatchObject({ status: 400, body: { error: { code: 132016 } } });
  expect(await graph.call("DELETE", `${graph.sandbox.wabaId}/message_templates?name=oferta`)).toMatchObject({
    status: 400,
  });
  await graph.pass(1);
  expect(events(graph)).toEqual(["APPROVED", "PAUSED", "APPROVED", "PAUSED", "APPROVED", "DISABLED"]);
  expect(graph.heard("template_quality").length).toBeGreaterThanOrEqual(4);
});

test("a template that is read is green a day later, one that nobody reads is yellow", async () => {
  const ignored = { ...reached, read: 0 };
  const graph = await setUpGraph({
    arms: { leida: reached, ignorada: ignored },
    api: { quality: { leastDelivered: 10 } },
  });
  const [read, unread] = [await approved(graph, plainDraft("leida")), await approved(graph, plainDraft("ignorada"))];
  await sendMany(graph, "leida", { count: 10 });
  await sendMany(graph, "ignorada", { from: 50, count: 10 });
  await graph.pass(2 * DAY);
  expect(await statusOf(graph, read)).toMatchObject({ quality_score: { score: "GREEN", date: expect.any(Number) } });
  expect(await statusOf(graph, unread)).toMatchObject({ quality_score: { score: "YELLOW" } });
});

test("pacing holds what comes after the first messages, and releases it when those were received well", async () => {
  const pacing = { holdAfter: 2, decideAfterSeconds: HOUR };
  const graph = await setUpGraph({ arms: { oferta: reached }, api: { pacing } });
  await approved(graph, plainDraft("oferta"));
  await sendMany(graph, "oferta", { count: 2 });
  const held = await graph.send({ ...plainSend("oferta"), to: phone(3), biz_opaque_callback_data: "retenida" });
  expect(held.body.messages[0].message_status).toBe("held_for_quality_assessment");
  await graph.pass(HOUR / 2);
  expect(await graph.control.messages(phone(3))).toEqual([]);
  await graph.pass(HOUR);
  const own = graph.heard("status").filter((item) => item.kind === "status" && item.callbackData === "retenida");
  expect(own[0]).toMatchObject({ wamid: held.body.messages[0].id, status: "sent" });
  const next = await graph.send({ ...plainSend("oferta"), to: phone(4) });
  expect(next.body.messages[0].message_status).toBe("accepted");
});

test("pacing drops what it held when the first messages were received badly, until the template is unpaused", async () => {
  const pacing = { holdAfter: 2, decideAfterSeconds: 4 * HOUR };
  const graph = await setUpGraph({ arms: { oferta: reached }, api: { pacing } });
  const id = await approved(graph, plainDraft("oferta"));
  await sendMany(graph, "oferta", { count: 2 });
  const held = await graph.send({ ...plainSend("oferta"), to: phone(3) });
  await graph.pass(3.5 * HOUR);
  await block(graph, 0);
  await graph.pass(HOUR);
  const own = graph.heard("status").filter((item) => item.kind === "status" && item.wamid === held.body.messages[0].id);
  expect(own).toEqual([
    expect.objectContaining({ status: "failed", errors: [expect.objectContaining({ code: 132015 })] }),
  ]);
  expect(await statusOf(graph, id)).toMatchObject({ status: "PAUSED" });
  await graph.pass(DAY);
  expect(await statusOf(graph, id)).toMatchObject({ status: "PAUSED" });
  expect(await graph.call("POST", `${id}/unpause`)).toMatchObject({ body: { success: true } });
  const next = await graph.send({ ...plainSend("oferta"), to: phone(5) });
  expect(next.body.messages[0].message_status).toBe("accepted");
});

test("a utility template that advertises is reclassified a day after the notice", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, {
    ...plainDraft("aviso", "Han llegado las novedades de tu tienda"),
    category: "UTILITY",
  });
  const category = async () =>
    (await graph.call("GET", `${id}?fields=category,correct_category,previous_category`)).body;
  await graph.pass(DAY);
  expect(await category()).toMatchObject({ category: "UTILITY", correct_category: "MARKETING" });
  await graph.pass(DAY);
  expect(await category()).toEqual({ id, category: "MARKETING", previous_category: "UTILITY" });
  expect(graph.heard("template_category")).toHaveLength(2);
  expect(await statusOf(graph, id)).toMatchObject({ status: "APPROVED" });
});

test("what Meta does by itself can be called for: quality, components, flags, disabling", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("oferta"));
  const befall = (event: TemplateEvent) => graph.control.befallTemplate(id, event);
  await befall({ event: "components", components: [{ type: "BODY", text: "Cambiado por Meta" }] });
  expect((await graph.call("GET", id)).body.components).toEqual([{ type: "BODY", text: "Cambiado por Meta" }]);
  await befall({ event: "flag" });
  await befall({ event: "reclassify", to: "UTILITY", noticeSeconds: 0 });
  await befall({ event: "quality", score: "RED" });
  await befall({ event: "disable" });
  await graph.pass(1);
  expect(graph.heard("template_components")).toHaveLength(1);
  expect(graph.heard("template_category")).toHaveLength(1);
  expect(events(graph)).toEqual(expect.arrayContaining(["FLAGGED", "PAUSED", "DISABLED"]));
});

test("a crash right after the first held message does not leave it parked for ever", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const api = { pacing: { holdAfter: 0, decideAfterSeconds: HOUR } };
  const first = await setUpGraph({ otherwise: reached, api }, dataDir);
  await approved(first, plainDraft("oferta"));
  await first.pass(1);
  const before = await readFile(join(dataDir, "sandbox.json"));
  const held = await first.send({ ...plainSend("oferta"), to: phone(1) });
  await first.sandbox.close();
  await writeFile(join(dataDir, "sandbox.json"), before);

  const second = await setUpGraph({ otherwise: reached, api }, dataDir);
  await second.pass(2 * HOUR);
  const released = await second.control.messages(phone(1));
  expect(released.map(({ wamid }) => wamid)).toEqual([held.body.messages[0].id]);
});

test("pauses, held messages and changes of category go on after a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const pacing = { holdAfter: 0, decideAfterSeconds: HOUR };
  const first = await setUpGraph({ otherwise: reached }, dataDir);
  const paused = await approved(first, plainDraft("pausada"));
  const changed = await approved(first, { ...plainDraft("aviso", "Tu pedido sale mañana"), category: "UTILITY" });
  await approved(first, plainDraft("retenida"));
  await first.control.befallTemplate(paused, { event: "pause" });
  await first.control.befallTemplate(changed, { event: "reclassify", to: "MARKETING", noticeSeconds: HOUR });
  await first.control.changeWorld({ api: { pacing } });
  const held = await first.send({ ...plainSend("retenida"), to: phone(1) });
  expect(held.body.messages[0].message_status).toBe("held_for_quality_assessment");
  await first.pass(1);
  await first.sandbox.close();

  const second = await setUpGraph({ otherwise: reached, api: { pacing } }, dataDir);
  expect(await statusOf(second, paused)).toMatchObject({ status: "PAUSED" });
  expect(await second.control.messages(phone(1))).toEqual([]);
  await second.pass(4 * HOUR);
  expect(await statusOf(second, paused)).toMatchObject({ status: "APPROVED" });
  expect((await second.call("GET", `${changed}?fields=category`)).body.category).toBe("MARKETING");
  const released = await second.control.messages(phone(1));
  expect(released.map(({ wamid }) => wamid)).toEqual([held.body.messages[0].id]);
});
