import { afterEach, expect, test } from "vitest";
import { approved, plainDraft, plainSend, setUpGraph } from "./graph-testing";
import { closeAll } from "./testing";

afterEach(closeAll);

const ok = (value: unknown) => ({ kind: "ok", value });
const DAY = 86_400;
const reached = { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 0, optOut: 0 };

test("our client moves files to the sandbox and back, and makes an example for a template", async () => {
  const { api, sandbox, create } = await setUpGraph();
  const file = { bytes: new Uint8Array([0xff, 0xd8, 0xff]), fileName: "foto.jpg", mimeType: "image/jpeg" };
  const uploaded = await api.uploadMedia(sandbox.phoneNumberId, file);
  const id = uploaded.kind === "ok" ? uploaded.value.id : "";
  const media = await api.getMedia(id, sandbox.phoneNumberId);
  expect(media).toMatchObject(ok({ id, mime_type: "image/jpeg", file_size: 3 }));
  const url = media.kind === "ok" ? media.value.url : "";
  expect(await api.downloadMedia(url)).toEqual(ok(Buffer.from(file.bytes)));
  expect(await api.getMedia(id, "800000000000099")).toMatchObject({ kind: "refused", code: 100, subcode: 33 });
  expect(await api.deleteMedia(id)).toMatchObject(ok({ success: true }));
  expect(await api.getMedia(id)).toMatchObject({ kind: "refused", code: 100, subcode: 33 });
  for (const appId of ["app", sandbox.appId]) {
    const example = await api.uploadExample(appId, file);
    const handle = example.kind === "ok" ? example.value.handle : "";
    const header = { type: "HEADER", format: "IMAGE", example: { header_handle: [handle] } };
    const draft = plainDraft(`foto_${appId}`);
    expect(await create({ ...draft, components: [header, ...draft.components] })).toMatchObject({ status: 200 });
  }
});

test("our client edits, compares and measures templates of the sandbox", async () => {
  const graph = await setUpGraph({ otherwise: reached, api: { compareLeastSends: 1 } });
  const { api, sandbox } = graph;
  const [one, other] = [await approved(graph, plainDraft("una")), await approved(graph, plainDraft("otra"))];
  expect(await api.setLinkTracking(one, { isOn: false, category: "MARKETING" })).toMatchObject(ok({ success: true }));
  expect(await api.editTemplate(one, { message_send_ttl_seconds: DAY })).toMatchObject(ok({ success: true }));
  expect(await api.getTemplateFields(one, ["message_send_ttl_seconds"])).toMatchObject(
    ok({ id: one, message_send_ttl_seconds: DAY }),
  );
  expect(await api.enableTemplateInsights(sandbox.wabaId)).toMatchObject(ok({ id: sandbox.wabaId }));
  const start = new Date(graph.now());
  for (const [name, to] of [
    ["una", "+34600000001"],
    ["una", "+34600000002"],
    ["otra", "+34600000003"],
  ] as const) {
    await graph.send({ ...plainSend(name), to });
  }
  await graph.pass(DAY);
  const end = new Date(graph.now());
  const measured = await api.templateAnalytics(sandbox.wabaId, {
    ...{ period: { start, end }, ids: [one, other], metrics: ["SENT", "DELIVERED", "COST"] },
  });
  const points = measured.kind === "ok" ? measured.value.flatMap((series) => series.data_points) : [];
  expect(points.map(({ template_id: id, sent, delivered }) => [id, sent, delivered])).toEqual([
    [one, 2, 2],
    [other, 1, 1],
  ]);
  const compared = await api.compareTemplates(one, other, { days: 7, end });
  expect(compared.kind === "ok" && compared.value.data.map(({ metric }) => metric)).toEqual([
    ...["BLOCK_RATE", "MESSAGE_SENDS", "TOP_BLOCK_REASON"],
  ]);
  const filters = { dimensions: ["COUNTRY", "PRICING_CATEGORY"], country_codes: ["ES"] };
  expect(await api.pricingAnalytics(sandbox.wabaId, { start, end, granularity: "MONTHLY", filters })).toMatchObject(
    ok([{ country: "ES", pricing_category: "MARKETING", volume: 3 }]),
  );
  expect(await api.messagingAnalytics(sandbox.wabaId, { start, end, granularity: "MONTH" })).toMatchObject(
    ok([{ sent: 3, delivered: 3 }]),
  );
  expect(await api.conversationAnalytics(sandbox.wabaId, { start, end, granularity: "MONTHLY" })).toMatchObject(
    ok([{ conversation: 3 }]),
  );
});

test("our client reads the sandbox's account, switches its ways and subscribes", async () => {
  const { api, sandbox, receiver } = await setUpGraph();
  const { wabaId, phoneNumberId } = sandbox;
  expect(await api.getWaba(wabaId)).toMatchObject(ok({ id: wabaId, currency: "EUR" }));
  expect(await api.listPhoneNumbers(wabaId)).toMatchObject(ok([{ id: phoneNumberId, status: "CONNECTED" }]));
  const callback = { url: `${receiver.origin}/other`, verifyToken: "verificar" };
  expect(await api.subscribeApp(wabaId, callback)).toMatchObject(ok({ success: true }));
  expect(await api.listSubscribedApps(wabaId)).toMatchObject(ok([{ override_callback_uri: callback.url }]));
  expect(await api.unsubscribeApp(wabaId)).toMatchObject(ok({ success: true }));
  expect(await api.markRead(phoneNumberId, "wamid.X", { isTyping: true })).toMatchObject(ok({ success: true }));
});
