import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { plainDraft, setUpGraph } from "./graph-testing";
import { startSandbox } from "./server";
import { closeAll, closeLater } from "./testing";

afterEach(closeAll);

const success = { status: 200, body: { success: true } };

test("the number, its list and the account answer with the fields that were asked for", async () => {
  const { call, sandbox } = await setUpGraph();
  const { phoneNumberId, wabaId } = sandbox;
  expect(
    (await call("GET", `${phoneNumberId}?fields=display_phone_number,whatsapp_business_manager_messaging_limit`)).body,
  ).toEqual({
    ...{ id: phoneNumberId, display_phone_number: "+1 555-010-0100" },
    whatsapp_business_manager_messaging_limit: "TIER_UNLIMITED",
  });
  const { body: list } = await call("GET", `${wabaId}/phone_numbers`);
  expect(list.data).toMatchObject([{ id: phoneNumberId, quality_rating: "GREEN", status: "CONNECTED" }]);
  expect(list.paging.cursors).toEqual({ before: expect.any(String), after: expect.any(String) });
  const fields =
    "message_template_namespace,marketing_messages_lite_api_status,disable_marketing_messages_on_cloud_api";
  expect((await call("GET", `${wabaId}?fields=${fields}`)).body).toMatchObject({
    ...{ id: wabaId, marketing_messages_lite_api_status: "ONBOARDED", disable_marketing_messages_on_cloud_api: false },
    message_template_namespace: expect.any(String),
  });
});

test("unknown objects, paths and tokens are refused as Graph does; a token may stand in the query of a read", async () => {
  const { call, sandbox } = await setUpGraph();
  expect(await call("GET", "123")).toMatchObject({
    status: 400,
    body: { error: { type: "GraphMethodException", code: 100, error_subcode: 33 } },
  });
  expect(await call("GET", "123/message_templates")).toMatchObject({ body: { error: { error_subcode: 33 } } });
  expect(await call("GET", `${sandbox.wabaId}/nothing`)).toMatchObject({ body: { error: { code: 2500 } } });
  const plain = (path: string, init?: RequestInit) => fetch(`${sandbox.url}/${path}`, init);
  const inQuery = `?access_token=${sandbox.token}`;
  expect((await plain(`v25.0/${sandbox.phoneNumberId}${inQuery}`)).status).toBe(200);
  const posted = await plain(`v25.0/${sandbox.phoneNumberId}/deregister${inQuery}`, { method: "POST" });
  expect(posted.status).toBe(401);
  expect((await posted.json()).error).toMatchObject({ code: 190, type: "OAuthException" });
  expect((await plain(`v25.0/${sandbox.phoneNumberId}`)).status).toBe(401);
});

test("a path without a version is served as the default one", async () => {
  const { sandbox } = await setUpGraph();
  const answer = await fetch(`${sandbox.url}/${sandbox.phoneNumberId}?fields=status`, {
    headers: { authorization: `Bearer ${sandbox.token}` },
  });
  expect(await answer.json()).toEqual({ status: "CONNECTED", id: sandbox.phoneNumberId });
});

test("webhooks are redirected by a verified callback, shown with the app, and stop when it unsubscribes", async () => {
  const { call, control, sandbox, receiver } = await setUpGraph();
  const path = `${sandbox.wabaId}/subscribed_apps`;
  const url = `${receiver.origin}/other`;
  expect(await call("POST", path, { override_callback_uri: url, verify_token: "verificar" })).toMatchObject(success);
  expect((await call("GET", path)).body.data).toEqual([
    {
      whatsapp_business_api_data: { id: sandbox.appId, link: expect.any(String), name: expect.any(String) },
      override_callback_uri: url,
    },
  ]);
  expect((await control.changeWorld({})).webhook?.url).toBe(url);
  expect(await call("POST", path, { override_callback_uri: url })).toMatchObject({ status: 400 });
  expect(await call("DELETE", path)).toMatchObject(success);
  expect((await call("GET", path)).body).toEqual({ data: [] });
});

test("a blocked user is listed and nothing they write is passed on, until they are unblocked", async () => {
  const graph = await setUpGraph();
  const { call, sandbox } = graph;
  const path = `${sandbox.phoneNumberId}/block_users`;
  const users = (...block_users: object[]) => ({ messaging_product: "whatsapp", block_users });
  const { body } = await call("POST", path, users({ user: "+34 600 000 001" }, { user: "nadie" }));
  expect(body).toMatchObject({
    messaging_product: "whatsapp",
    block_users: {
      added_users: [{ input: "+34 600 000 001", wa_id: "34600000001" }],
      failed_users: [{ input: "nadie" }],
    },
  });
  expect((await call("GET", path)).body.data).toEqual([{ messaging_product: "whatsapp", wa_id: "34600000001" }]);
  await graph.hearFrom();
  await graph.pass(1);
  expect(graph.heard("message")).toEqual([]);
  expect((await call("DELETE", path, users({ user: "+34600000001" }))).body.block_users).toMatchObject({
    removed_users: [{ wa_id: "34600000001" }],
  });
  await graph.hearFrom();
  await graph.pass(1);
  expect(graph.heard("message")).toHaveLength(1);
  expect(await call("POST", path, {})).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});

test("profile, settings, registration and its PIN", async () => {
  const { call, sandbox } = await setUpGraph();
  const id = sandbox.phoneNumberId;
  const profile = { messaging_product: "whatsapp", about: "Zapatos", websites: ["https://shop.example.test/"] };
  expect(await call("POST", `${id}/whatsapp_business_profile`, profile)).toMatchObject(success);
  expect((await call("GET", `${id}/whatsapp_business_profile?fields=about,websites`)).body).toEqual({
    data: [profile],
  });
  expect(await call("POST", `${id}/whatsapp_business_profile`, { about: "x".repeat(140) })).toMatchObject({
    status: 400,
  });
  expect(await call("POST", `${id}/settings`, { calling: { status: "DISABLED" } })).toMatchObject(success);
  expect((await call("GET", `${id}/settings`)).body).toEqual({ calling: { status: "DISABLED" } });
  const register = (pin: string) => call("POST", `${id}/register`, { messaging_product: "whatsapp", pin });
  expect(await register("123456")).toMatchObject(success);
  expect(await call("POST", `${id}/deregister`)).toMatchObject(success);
  expect((await call("GET", `${id}?fields=status`)).body.status).toBe("DISCONNECTED");
  expect(await register("654321")).toMatchObject({ status: 400, body: { error: { code: 133005 } } });
  expect(await register("123456")).toMatchObject(success);
});

test("a user id is taken out of the contact book once", async () => {
  const graph = await setUpGraph();
  await graph.hearFrom();
  await graph.pass(1);
  const [heard] = graph.heard("message");
  const bsuid = heard?.kind === "message" ? heard.userId : "";
  const path = `${graph.sandbox.phoneNumberId}/contact_book?messaging_product=whatsapp`;
  expect((await graph.call("DELETE", `${path}&bsuid=${bsuid}`)).body).toEqual({ success: true, deleted: true });
  expect((await graph.call("DELETE", `${path}&bsuid=ES.1`)).body).toEqual({ success: true, deleted: false });
});

test("what was changed at the account and its templates survives a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const first = await startSandbox({ dataDir });
  const headers = { authorization: `Bearer ${first.token}`, "content-type": "application/json" };
  const post = (url: string, path: string, body: object) =>
    fetch(`${url}/v25.0/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  await post(first.url, first.wabaId, { is_enabled_for_insights: true });
  await post(first.url, `${first.phoneNumberId}/block_users`, {
    messaging_product: "whatsapp",
    block_users: [{ user: "+34600000001" }],
  });
  await post(first.url, `${first.wabaId}/message_templates`, plainDraft("oferta"));
  await first.close();
  const second = await startSandbox({ dataDir });
  closeLater(second.close);
  const read = async (path: string) => (await fetch(`${second.url}/v25.0/${path}`, { headers })).json();
  expect(await read(`${second.wabaId}?fields=is_enabled_for_insights`)).toMatchObject({
    is_enabled_for_insights: true,
  });
  expect((await read(`${second.phoneNumberId}/block_users`)).data).toHaveLength(1);
  expect((await read(`${second.wabaId}/message_templates`)).data).toMatchObject([{ name: "oferta" }]);
  const again = await post(second.url, `${second.wabaId}/message_templates`, plainDraft("oferta"));
  expect((await again.json()).error).toMatchObject({ error_subcode: 2388024 });
});

test("management calls are limited by the hour, sends are not", async () => {
  const graph = await setUpGraph({ api: { managementCallsPerHour: 2 } });
  const read = () => graph.call("GET", graph.sandbox.phoneNumberId);
  expect([(await read()).status, (await read()).status]).toEqual([200, 200]);
  expect(await read()).toMatchObject({ status: 400, body: { error: { code: 80007 } } });
  expect(await graph.send({ type: "text", text: { body: "x" } })).toMatchObject({ status: 200 });
  await graph.pass(3_600);
  expect(await read()).toMatchObject({ status: 200 });
});

test("a QR code is made, changed, read and deleted", async () => {
  const { call, sandbox } = await setUpGraph();
  const path = `${sandbox.phoneNumberId}/message_qrdls`;
  const { body: made } = await call("POST", path, { prefilled_message: "Hola", generate_qr_image: "PNG" });
  expect(made).toMatchObject({ prefilled_message: "Hola", deep_link_url: `https://wa.me/message/${made.code}` });
  await call("POST", path, { code: made.code, prefilled_message: "Buenas" });
  expect((await call("GET", `${path}/${made.code}`)).body.data).toMatchObject([{ prefilled_message: "Buenas" }]);
  expect(await call("DELETE", `${path}/${made.code}`)).toMatchObject(success);
  expect((await call("GET", path)).body).toEqual({ data: [] });
  expect(await call("GET", `${path}/${made.code}`)).toMatchObject({ body: { error: { error_subcode: 33 } } });
});
