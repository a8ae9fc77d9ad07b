import { afterEach, expect, test } from "vitest";
import { createCloudApi } from "../client";
import { freeFormRequest } from "../free-form";
import { templateRequest } from "../requests";
import { approveOffer, closeAll, closeLater, offer, offerDraft, quiet, setUp } from "./testing";

afterEach(closeAll);

const TO = "+34600000001";

test("a wrong token is refused with 190 and a wrong number id with 100/33", async () => {
  const { sandbox, api } = await setUp();
  const stranger = createCloudApi({ baseUrl: sandbox.url, apiVersion: "v25.0", token: "wrong" });
  closeLater(stranger.close);
  expect(await stranger.getPhoneNumber(sandbox.phoneNumberId)).toMatchObject({ kind: "refused", code: 190 });
  expect(await api.getPhoneNumber("800000000000099")).toMatchObject({ kind: "refused", code: 100, subcode: 33 });
  expect(await api.sendMessage("800000000000099", offer(TO))).toMatchObject({
    kind: "retry",
    scope: "number",
    code: 100,
  });
  expect(await api.getPhoneNumber(sandbox.phoneNumberId)).toMatchObject({ kind: "ok", value: { status: "CONNECTED" } });
});

test("any version of the API is served, and unknown paths are refused as Graph does", async () => {
  const { sandbox } = await setUp();
  const headers = { authorization: `Bearer ${sandbox.token}` };
  const read = async (path: string) => (await fetch(`${sandbox.url}${path}`, { headers })).json();
  expect(await read(`/v26.0/${sandbox.phoneNumberId}?fields=status`)).toEqual({
    status: "CONNECTED",
    id: sandbox.phoneNumberId,
  });
  expect(await read(`/v24.0/${sandbox.wabaId}/phone_numbers`)).toMatchObject({ data: [{ id: sandbox.phoneNumberId }] });
  expect(await read(`/latest/${sandbox.phoneNumberId}`)).toMatchObject({ error: { code: 2500 } });
  expect(await read("/v25.0/a/b/c/d")).toMatchObject({ error: { code: 2500 } });
});

test("nonsense gets Graph's own answers, never a 5xx", async () => {
  const { sandbox } = await setUp();
  const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
  const ask = async (path: string, body?: unknown) => {
    const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${sandbox.url}${path}`, init);
    return [answer.status, ((await answer.json()) as { error?: { code: number } }).error?.code];
  };
  const templates = `/v25.0/${sandbox.wabaId}/message_templates`;
  expect(await ask("/v25.0/%zz")).toEqual([400, 2500]);
  expect(await ask(`/v25.0/${"9".repeat(400)}`)).toEqual([400, 2500]);
  expect(await ask(`/v25.0/${sandbox.phoneNumberId}?fields=id&fields=status`)).toEqual([200, undefined]);
  expect(await ask(`${templates}?status=APPROVED&status=REJECTED`)).toEqual([200, undefined]);
  const buttons = [{ type: "URL", text: "Ver", url: 5 }];
  const components = [
    { type: "BODY", text: "Hola a todo el mundo" },
    { type: "BUTTONS", buttons },
  ];
  expect(await ask(templates, { name: "a", language: "es", category: "MARKETING", components })).toEqual([400, 100]);
  const messages = `/v25.0/${sandbox.phoneNumberId}/messages`;
  expect(await ask(messages, { messaging_product: "whatsapp", status: "read", message_id: null })).toEqual([400, 100]);
});

test("templates are created, reviewed, listed page by page, read and deleted", async () => {
  const rehearsal = await setUp();
  const { api, sandbox } = rehearsal;
  const created = await approveOffer(rehearsal, "una");
  for (const name of ["dos", "tres"]) await approveOffer(rehearsal, name);
  const listed = await api.listTemplates(sandbox.wabaId, 2);
  expect(listed).toMatchObject({ value: [{ name: "una" }, { name: "dos" }, { name: "tres", status: "APPROVED" }] });
  const id = created.kind === "ok" ? created.value.id : "";
  expect(await api.getTemplate(id)).toMatchObject({ value: { id, name: "una", components: [{ type: "BODY" }, {}] } });
  expect(await api.deleteTemplate(sandbox.wabaId, "una", id)).toMatchObject({ kind: "ok" });
  expect(await api.getTemplate(id)).toMatchObject({ kind: "refused", code: 100 });
});

test("a template is refused at once for its form, and by the review for its subject", async () => {
  const rehearsal = await setUp();
  const { api, sandbox, receiver } = rehearsal;
  const withText = (name: string, text: string) => ({ ...offerDraft(name), components: [{ type: "BODY", text }] });
  const create = (draft: ReturnType<typeof withText>) => api.createTemplate(sandbox.wabaId, draft);
  expect(await create(withText("a", "{{1}}, hola a todos"))).toMatchObject({ kind: "refused", subcode: 2388299 });
  expect(await create(withText("b", "Nuestro casino abre hoy"))).toMatchObject({ value: { status: "PENDING" } });
  expect(await create(withText("b", "Otro texto"))).toMatchObject({ kind: "refused", code: 100 });
  expect(await create({ ...withText("c", "Descuento de hoy"), category: "UTILITY" })).toMatchObject({
    value: { category: "MARKETING" },
  });
  await quiet(rehearsal);
  expect(receiver.webhooks).toContainEqual(
    expect.objectContaining({ event: "REJECTED", name: "b", reason: "ABUSIVE_CONTENT" }),
  );
});

test("a send is checked against the approved template", async () => {
  const rehearsal = await setUp();
  const { api, sandbox } = rehearsal;
  await approveOffer(rehearsal);
  const send = (change: Partial<Parameters<typeof templateRequest>[0]>) =>
    api.sendMessage(
      sandbox.phoneNumberId,
      templateRequest({
        to: TO,
        template: "oferta_a",
        language: "es",
        body: [{ text: "Ana" }],
        buttons: [{ kind: "url", index: 0, suffix: "x" }],
        ...change,
      }),
    );
  expect(await send({})).toMatchObject({ kind: "accepted" });
  expect(await send({ language: "es_ES" })).toMatchObject({ kind: "rejected", code: 132001 });
  expect(await send({ template: "otra" })).toMatchObject({ kind: "rejected", code: 132001 });
  expect(await send({ body: [] })).toMatchObject({ kind: "rejected", code: 132000 });
  expect(await send({ body: [{ text: "" }] })).toMatchObject({ kind: "rejected", code: 131008 });
  expect(await send({ header: { text: "x" } })).toMatchObject({ kind: "rejected", code: 132000 });
  expect(await send({ body: [{ text: "x".repeat(1_100) }] })).toMatchObject({ kind: "rejected", code: 132005 });
  expect(await send({ buttons: [] })).toMatchObject({ kind: "rejected", code: 131008 });
  expect(await send({ buttons: [{ kind: "quick_reply", index: 0, payload: "x" }] })).toMatchObject({ code: 132012 });
  expect(await send({ to: "12" })).toMatchObject({ kind: "rejected", code: 131009 });
});

test("too many messages at once meet 130429, too many to one person 131056", async () => {
  const rehearsal = await setUp();
  const { api, sandbox, control } = rehearsal;
  await approveOffer(rehearsal);
  await control.setClock({ appNow: "2026-11-24T09:00:00.000Z", speed: 0.001 });
  const send = (to: string) => api.sendMessage(sandbox.phoneNumberId, offer(to));
  const toOne = await Promise.all(Array.from({ length: 60 }, () => send(TO)));
  expect(toOne.filter(({ kind }) => kind === "accepted").length).toBe(45);
  expect(toOne).toContainEqual(expect.objectContaining({ kind: "retry", scope: "pair", code: 131056 }));
  await control.changeWorld({ throughput: { perSecond: 0.001, burst: 5 } });
  const toMany = await Promise.all(Array.from({ length: 20 }, (_, index) => send(`+3461000000${10 + index}`)));
  expect(toMany.filter(({ kind }) => kind === "accepted").length).toBe(5);
  expect(toMany).toContainEqual(expect.objectContaining({ kind: "retry", scope: "number", code: 130429 }));
});

test("numbers are spelt as WhatsApp spells them, and a user id reaches its person", async () => {
  const rehearsal = await setUp();
  const { api, sandbox, receiver } = rehearsal;
  await approveOffer(rehearsal);
  const waIds = ["+525512345678", "+541112345678", "+553191234567".concat("8")].map(async (to) => {
    const outcome = await api.sendMessage(sandbox.phoneNumberId, offer(to));
    return outcome.kind === "accepted" ? outcome.waId : outcome;
  });
  expect(await Promise.all(waIds)).toEqual(["5215512345678", "5491112345678", "553112345678"]);
  await api.sendMessage(sandbox.phoneNumberId, offer(TO));
  await quiet(rehearsal);
  const sent = receiver.webhooks.find((item) => item.kind === "status" && item.recipientWaId === TO.slice(1));
  const message = receiver.webhooks.flatMap((item) => (item.kind === "message" && item.userId ? [item.userId] : []));
  expect(sent).toBeDefined();
  expect(message.every((userId) => /^[A-Z]{2}\.\d+$/.test(userId))).toBe(true);
});

test("a webhook address is subscribed only when it answers the challenge, and then hears of everything", async () => {
  const rehearsal = await setUp();
  const { api, sandbox, control, receiver } = rehearsal;
  const url = `${receiver.origin}/other`;
  const refused = await api.subscribeApp(sandbox.wabaId, { url, verifyToken: "falso" });
  expect(refused).toMatchObject({ kind: "refused", code: 2200 });
  expect((await control.changeWorld({})).webhook?.url).toBe(`${receiver.origin}/webhooks`);
  expect(await api.subscribeApp(sandbox.wabaId, { url, verifyToken: "verificar" })).toMatchObject({ kind: "ok" });
  expect((await control.changeWorld({})).webhook?.url).toBe(url);
  await approveOffer(rehearsal);
  expect(receiver.webhooks).toContainEqual(expect.objectContaining({ kind: "template_status", event: "APPROVED" }));
});

test("mark-as-read is answered, other bodies are refused with the missing part", async () => {
  const { api, sandbox } = await setUp();
  const send = (body: Record<string, unknown>) => api.sendMessage(sandbox.phoneNumberId, body);
  const read = { messaging_product: "whatsapp", status: "read", message_id: "wamid.X" };
  expect(await send(read)).toEqual({ kind: "ambiguous", reason: "unreadable_answer" }); // Not a send: {"success":true}.
  expect(await send({ messaging_product: "whatsapp", type: "text" })).toMatchObject({
    detail: "The parameter to is required.",
  });
  expect(await send(freeFormRequest({ to: TO, type: "text", body: "" }))).toMatchObject({
    kind: "rejected",
    code: 131008,
  });
  expect(await send({ ...freeFormRequest({ to: TO, type: "text", body: "x" }), type: "fax" })).toMatchObject({
    kind: "rejected",
    code: 100,
  });
});
