import { afterEach, expect, test } from "vitest";
import { approved, type GraphRehearsal, plainDraft, plainSend, setUpGraph } from "./graph-testing";
import { closeAll } from "./testing";

afterEach(closeAll);

const HOUR = 3_600;
const DAY = 24 * HOUR;
const refused = (code: number, subcode?: number) => ({
  status: 400,
  body: { error: { code, ...(subcode && { error_subcode: subcode }) } },
});
const body = (text: string, ...examples: string[]) => ({
  type: "BODY",
  text,
  ...(examples.length > 0 && { example: { body_text: [examples] } }),
});
const withParts = (name: string, ...components: unknown[]) => ({ ...plainDraft(name), components });
const list = async ({ call, sandbox }: GraphRehearsal, query = "") =>
  (await call("GET", `${sandbox.wabaId}/message_templates?${query}`)).body;

test("what Meta refuses at creation is refused with its subcode and words", async () => {
  const { create } = await setUpGraph();
  const { body: edge } = await create(withParts("a", body("{{1}}, hola a todas las personas", "Ana")));
  expect(edge.error).toMatchObject({
    message: "Invalid parameter",
    ...{ type: "OAuthException", code: 100, error_subcode: 2388299, is_transient: false },
    error_user_title: "Leading or trailing params are not allowed",
    error_user_msg: "Variables can't be at the start or end of the template.",
    fbtrace_id: expect.any(String),
  });
  expect(await create(withParts("a", body("Ve {{1}} y {{2}} ya", "a", "b")))).toMatchObject(refused(100, 2388293));
  expect(await create(withParts("a", body("x".repeat(1_025))))).toMatchObject(refused(100, 2388040));
  expect(await create(withParts("a", { type: "BODY" }))).toMatchObject(refused(100));
  expect(await create({ ...plainDraft("a"), language: "xx" })).toMatchObject(refused(100));
  expect(await create({ ...plainDraft("A!") })).toMatchObject(refused(100));
  expect(await create({ ...plainDraft("a"), message_send_ttl_seconds: 60 })).toMatchObject(refused(100));
  const quickReply = { type: "QUICK_REPLY", text: "Sí" };
  const link = { type: "URL", text: "Ver", url: "https://shop.example.test/" };
  const mixed = { type: "BUTTONS", buttons: [quickReply, link, { ...quickReply, text: "No" }] };
  expect(await create(withParts("a", body("Hola a todos"), mixed))).toMatchObject(refused(100));
  expect(await create(plainDraft("a"))).toMatchObject({
    status: 200,
    body: { status: "PENDING", category: "MARKETING" },
  });
});

test("case, named parameters, forms and lower-case components are taken; Meta may file another category", async () => {
  const { create, call, sandbox } = await setUpGraph();
  const named = { body_text_named_params: [{ param_name: "nombre", example: "Ana" }] };
  const draft = {
    ...{ name: "nombrada", language: "es", category: "marketing", parameter_format: "named" },
    allow_category_change: true,
    components: [{ type: "body", text: "Hola {{nombre}}, te esperamos aquí.", example: named }],
  };
  expect(await create(draft)).toMatchObject({ body: { category: "MARKETING" } });
  expect(await create({ ...plainDraft("u", "Un descuento para ti"), category: "UTILITY" })).toMatchObject({
    body: { category: "MARKETING" },
  });
  expect(await create({ ...plainDraft("v", "Tu pedido sale hoy"), category: "UTILITY" })).toMatchObject({
    body: { category: "UTILITY" },
  });
  const form = new URLSearchParams({
    ...{ name: "formulario", language: "es", category: "MARKETING" },
    components: JSON.stringify([body("Enviado por formulario")]),
  });
  expect(await call("POST", `${sandbox.wabaId}/message_templates`, form)).toMatchObject({ status: 200 });
});

test("a name is used once a language and a text once, and there are limits by hour and in total", async () => {
  const graph = await setUpGraph({ api: { templates: { limit: 5, createdPerHour: 4 } } });
  expect(await graph.create(plainDraft("una"))).toMatchObject({ status: 200 });
  expect(await graph.create(plainDraft("una", "Otro texto"))).toMatchObject(refused(100, 2388024));
  expect(await graph.create({ ...plainDraft("otra", "Novedad de la tienda: una.") })).toMatchObject(
    refused(100, 2388024),
  );
  expect(await graph.create({ ...plainDraft("una"), language: "es_MX" })).toMatchObject({ status: 200 });
  for (const name of ["dos", "tres"]) await graph.create(plainDraft(name));
  expect(await graph.create(plainDraft("cuatro"))).toMatchObject(refused(80007));
  await graph.pass(HOUR);
  expect(await graph.create(plainDraft("cuatro"))).toMatchObject({ status: 200 });
  expect(await graph.create(plainDraft("cinco"))).toMatchObject(refused(100, 2388019));
});

test("a list is not given in pages of none, of less than none or of letters", async () => {
  const graph = await setUpGraph();
  for (const limit of ["0", "-1", "abc", "1.5", "1e2", ""])
    for (const path of ["message_templates", "phone_numbers"])
      expect(await graph.call("GET", `${graph.sandbox.wabaId}/${path}?limit=${limit}`)).toMatchObject(refused(100));
  expect(await graph.call("GET", `${graph.sandbox.phoneNumberId}/block_users?limit=0`)).toMatchObject(refused(100));
  for (const limit of ["1", "001", "5000"])
    expect(await graph.call("GET", `${graph.sandbox.wabaId}/phone_numbers?limit=${limit}`)).toMatchObject({
      status: 200,
    });
});

test("lists are paged both ways, filtered and cut to fields; a broken cursor is 131059", async () => {
  const graph = await setUpGraph();
  for (const name of ["una", "dos", "tres", "cuatro", "cinco"]) await graph.create(plainDraft(name));
  await approved(graph, { ...plainDraft("seis"), language: "en_US" });
  const names = ({ data }: { data: { name: string }[] }) => data.map(({ name }) => name);
  const first = await list(graph, "limit=2&fields=name");
  expect(first.data).toEqual([
    { name: "una", id: expect.any(String) },
    { name: "dos", id: expect.any(String) },
  ]);
  const follow = async (url: string) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${graph.sandbox.token}` } });
    return answer.json();
  };
  const second = await follow(first.paging.next);
  expect(names(second)).toEqual(["tres", "cuatro"]);
  expect(names(await follow(second.paging.previous))).toEqual(["una", "dos"]);
  const last = await list(graph, `limit=2&after=${second.paging.cursors.after}`);
  expect(names(last)).toEqual(["cinco", "seis"]);
  expect(last.paging.next).toBeUndefined();
  expect(await graph.call("GET", `${graph.sandbox.wabaId}/message_templates?after=torcido`)).toMatchObject(
    refused(131059),
  );
  expect(names(await list(graph, "name=cinc"))).toEqual(["cinco"]);
  expect(names(await list(graph, "language=en_US&status=approved"))).toEqual(["seis"]);
  expect(await list(graph, "category=UTILITY")).toEqual({ data: [] });
  const [one] = (await list(graph, "limit=1")).data;
  expect(Object.keys(one).sort()).toEqual(
    ["category", "components", "id", "language", "name", "parameter_format", "status", "sub_category"].sort(),
  );
});

test("an approved template may be edited once a day, keeps its category, and is reviewed again", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("oferta"));
  const edit = (change: object) => graph.call("POST", id, change);
  expect(await edit({ category: "UTILITY" })).toMatchObject(refused(100));
  expect(await edit({ components: [body("x".repeat(1_025))] })).toMatchObject(refused(100, 2388040));
  expect(await edit({ components: [body("Un texto nuevo para ti")] })).toMatchObject({ body: { success: true } });
  expect((await graph.call("GET", id)).body).toMatchObject({
    status: "PENDING",
    components: [{ text: "Un texto nuevo para ti" }],
  });
  expect(await edit({ components: [body("Otro texto más")] })).toMatchObject(refused(100));
  await graph.pass(10);
  expect(graph.heard("template_status")).toHaveLength(2);
  expect(await edit({ components: [body("Otro texto más")] })).toMatchObject(refused(100));
  await graph.pass(DAY);
  expect(await edit({ components: [body("Otro texto más")] })).toMatchObject({ status: 200 });
});

test("link tracking and time to live are changed without a review", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("oferta"));
  await graph.call("POST", `${id}?cta_url_link_tracking_opted_out=true&category=marketing`);
  await graph.call("POST", id, { message_send_ttl_seconds: 86_400 });
  const fields = "status,cta_url_link_tracking_opted_out,message_send_ttl_seconds";
  expect((await graph.call("GET", `${id}?fields=${fields}`)).body).toEqual({
    ...{ id, status: "APPROVED", cta_url_link_tracking_opted_out: true, message_send_ttl_seconds: 86_400 },
  });
});

test("a rejected template says why, and may be mended", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("mala", "Nuestro casino abre hoy"));
  expect(graph.heard("template_status")).toEqual([
    expect.objectContaining({ event: "REJECTED", reason: "ABUSIVE_CONTENT" }),
  ]);
  expect((await graph.call("GET", `${id}?fields=status,rejected_reason`)).body).toEqual({
    ...{ id, status: "REJECTED", rejected_reason: "ABUSIVE_CONTENT" },
  });
  await graph.call("POST", id, { components: [body("Nuestra tienda abre hoy")], category: "UTILITY" });
  await graph.pass(10);
  expect((await graph.call("GET", `${id}?fields=status,category`)).body).toEqual({
    ...{ id, status: "APPROVED", category: "UTILITY" },
  });
});

test("deleting takes one language or all of a name, and an approved name is blocked for 30 days", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("oferta"));
  await approved(graph, { ...plainDraft("oferta", "Texto mexicano"), language: "es_MX" });
  const remove = (query: string) => graph.call("DELETE", `${graph.sandbox.wabaId}/message_templates?${query}`);
  expect(await remove(`hsm_id=${id}&name=oferta`)).toMatchObject({ body: { success: true } });
  expect((await list(graph)).data).toHaveLength(1);
  expect(await graph.create(plainDraft("oferta"))).toMatchObject(refused(100, 2388023));
  expect(await remove("name=oferta")).toMatchObject({ body: { success: true } });
  expect(await remove("name=oferta")).toMatchObject(refused(100, 33));
  expect(await remove("")).toMatchObject(refused(100));
  await graph.pass(30 * DAY);
  expect(await graph.create(plainDraft("oferta"))).toMatchObject({ status: 200 });
});

test("a template with messages under way waits for them before it is gone", async () => {
  const certain = { deliver: 1, readReceiptsOn: 1, read: 0 };
  const graph = await setUpGraph({ arms: { oferta: certain } });
  const id = await approved(graph, plainDraft("oferta"));
  await graph.send(plainSend("oferta"));
  await graph.call("DELETE", `${graph.sandbox.wabaId}/message_templates?name=oferta`);
  expect((await graph.call("GET", `${id}?fields=status`)).body).toEqual({ id, status: "PENDING_DELETION" });
  expect(await graph.send(plainSend("oferta"))).toMatchObject({ status: 404 });
  await graph.pass(DAY);
  expect(await graph.call("GET", id)).toMatchObject(refused(100, 33));
  const events = graph.heard("template_status").map((item) => "event" in item && item.event);
  expect(events).toEqual(["APPROVED", "PENDING_DELETION", "DELETED"]);
});
