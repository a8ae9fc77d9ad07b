import { afterEach, expect, test } from "vitest";
import { approved, type GraphRehearsal, plainDraft, plainSend, setUpGraph } from "./graph-testing";
import { closeAll } from "./testing";

afterEach(closeAll);

const refused = (code: number, status = 400) => ({ status, body: { error: { code } } });
const failures = (graph: GraphRehearsal) =>
  graph.heard("status").flatMap((item) => (item.kind === "status" && item.status === "failed" ? item.errors : []));

test("every kind of free-form message is taken as Meta documents it, and none carries a message status", async () => {
  const graph = await setUpGraph();
  await graph.hearFrom();
  const body = { text: "¿Seguimos?" };
  const kinds: Record<string, unknown>[] = [
    { type: "text", text: { body: "Hola", preview_url: true } },
    { text: { body: "Sin tipo" } },
    { type: "image", image: { link: "https://files.example.test/a.jpg", caption: "Nuevo" } },
    { type: "document", document: { link: "https://files.example.test/a.pdf", filename: "a.pdf" } },
    { type: "location", location: { latitude: "40.4", longitude: -3.7, name: "Tienda" } },
    { type: "contacts", contacts: [{ name: { formatted_name: "Ana", first_name: "Ana" } }] },
    { type: "contacts", contacts: JSON.stringify([{ name: { formatted_name: "Ana" } }]) },
    { type: "reaction", reaction: { message_id: "wamid.X", emoji: "👍" } },
    { type: "interactive", interactive: { type: "button", body, action: { buttons: [reply("si"), reply("no")] } } },
    { type: "interactive", interactive: { type: "list", body, action: list } },
    { type: "interactive", interactive: { type: "cta_url", body, action: link } },
    {
      type: "interactive",
      interactive: { type: "request_contact_info", body, action: { name: "request_contact_info" } },
    },
    { type: "interactive", interactive: { type: "location_request_message", body, action: { name: "send_location" } } },
    { type: "text", text: { body: "Respuesta" }, context: { message_id: "wamid.X" } },
  ];
  for (const kind of kinds) {
    const { status, body: answer } = await graph.send(kind);
    expect({ kind, status }).toEqual({ kind, status: 200 });
    expect(answer.contacts).toEqual([{ input: "+34600000001", wa_id: "34600000001" }]);
    expect(Object.keys(answer.messages[0])).toEqual(["id"]);
  }
  const shown = (await graph.control.messages("+34600000001")).map((message) => message.shown);
  expect(shown[8]?.buttons.map(({ text }) => text)).toEqual(["si", "no"]);
  await graph.pass(60);
  expect(failures(graph)).toEqual([]);
});

const reply = (title: string) => ({ type: "reply", reply: { id: title, title } });
const list = { button: "Temas", sections: [{ title: "Ofertas", rows: [{ id: "z", title: "Zapatos" }] }] };
const link = { name: "cta_url", parameters: { display_text: "Abrir", url: "https://shop.example.test/" } };

test("frames that are not in order are refused with the parameter's name", async () => {
  const { call, send, sandbox } = await setUpGraph();
  const post = (body: unknown) => call("POST", `${sandbox.phoneNumberId}/messages`, body);
  const text = { body: "x" };
  expect(await post({ messaging_product: "whatsapp", type: "text", text })).toMatchObject({
    body: { error: { code: 100, message: "The parameter to is required.", type: "OAuthException" } },
  });
  expect(await post({ to: "+34600000001", type: "text", text })).toMatchObject(refused(100));
  expect(await send({})).toMatchObject({ body: { error: { message: "The parameter type is required." } } });
  expect(await send({ type: "fax", fax: {} })).toMatchObject(refused(100));
  expect(await send({ type: "poll", poll: {} })).toMatchObject(refused(131051));
  expect(await send({ type: "text", text: {} })).toMatchObject(refused(131008));
  expect(await send({ type: "text", text: { body: "x".repeat(4_097) } })).toMatchObject(refused(131009));
  expect(await send({ type: "text", text, to: "abc" })).toMatchObject(refused(131009));
  expect(await send({ type: "text", text, to: "+1 (555) 010-0100" })).toMatchObject(refused(131021));
  expect(await send({ type: "text", text, to: undefined, recipient: "nobody" })).toMatchObject(refused(131009));
  expect(await send({ type: "text", text, biz_opaque_callback_data: "x".repeat(513) })).toMatchObject(refused(131009));
  const tooMany = ["1", "2", "3", "4"].map(reply);
  const interactive = { type: "button", body: { text: "x" }, action: { buttons: tooMany } };
  expect(await send({ type: "interactive", interactive })).toMatchObject(refused(131009));
  expect(await call("POST", `${sandbox.phoneNumberId}/messages`, new URLSearchParams({ type: "text" }))).toMatchObject(
    refused(100),
  );
});

test("spaces, hyphens and brackets in a number are tolerated, also without a plus", async () => {
  const { send } = await setUpGraph();
  for (const to of ["34 600-000-001", "+34 (600) 000 001", "34600000001"]) {
    const { body } = await send({ type: "text", text: { body: "x" }, to });
    expect(body.contacts).toEqual([{ input: to, wa_id: "34600000001" }]);
  }
});

test("a user id reaches its person and hides the phone in the answer; with a number, the number wins", async () => {
  const graph = await setUpGraph();
  await graph.hearFrom();
  await graph.pass(1);
  const [heard] = graph.heard("message");
  const recipient = heard?.kind === "message" ? heard.userId : undefined;
  const text = { type: "text", text: { body: "x" } };
  const { body } = await graph.send({ ...text, to: undefined, recipient });
  expect(body.contacts).toEqual([{ input: recipient, user_id: recipient }]);
  expect((await graph.send({ ...text, recipient })).body.contacts[0]).toEqual({
    input: "+34600000001",
    wa_id: "34600000001",
  });
});

test("templates of every kind are sent and shown, and checked against what was approved", async () => {
  const graph = await setUpGraph();
  await approved(graph, {
    ...{ name: "cupon", language: "es", category: "MARKETING" },
    components: [
      { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "¡Solo hoy!", has_expiration: true } },
      { type: "BODY", text: "Hola {{1}}, hoy te espera algo.", example: { body_text: [["Ana"]] } },
      {
        type: "BUTTONS",
        buttons: [
          { type: "COPY_CODE", example: "HOLA20" },
          { type: "URL", text: "Ver", url: "https://go.example.test/{{1}}", example: ["https://go.example.test/a"] },
        ],
      },
    ],
  });
  const template = (components: unknown[]) =>
    graph.send({ type: "template", template: { name: "cupon", language: { code: "es" }, components } });
  const body = { type: "body", parameters: [{ type: "text", text: "Ana" }] };
  const offer = {
    type: "limited_time_offer",
    parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } }],
  };
  const code = (index: unknown) => ({
    ...{ type: "button", sub_type: "COPY_CODE", index },
    parameters: [{ type: "coupon_code", coupon_code: "HOLA20" }],
  });
  const url = { type: "button", sub_type: "url", index: 1, parameters: [{ type: "text", text: "x7" }] };
  const { body: answer } = await template([body, offer, code("0"), url]);
  expect(answer.messages[0].message_status).toBe("accepted");
  const [message] = await graph.control.messages("+34600000001");
  expect(message).toMatchObject({
    link: "https://go.example.test/x7",
    shown: {
      body: "Hola Ana, hoy te espera algo.",
      offer: { text: "¡Solo hoy!", expiresAtMs: 1_800_000_000_000 },
      buttons: [
        { kind: "copy_code", code: "HOLA20" },
        { kind: "url", text: "Ver" },
      ],
    },
  });
  expect(await template([body, code("0"), url])).toMatchObject(refused(131008));
  expect(await template([offer, code("0"), url])).toMatchObject(refused(132000));
  expect(await template([body, offer, code("1"), url])).toMatchObject(refused(132012));
});

test("a carousel needs as many cards as its template, and shows each with its own values", async () => {
  const graph = await setUpGraph({ api: {} });
  const { body: session } = await graph.call(
    "POST",
    `${graph.sandbox.appId}/uploads?file_length=1&file_type=image/png`,
  );
  const { body: upload } = await graph.call("POST", session.id, new Uint8Array([1]), { file_offset: "0" });
  const card = {
    components: [
      { type: "HEADER", format: "IMAGE", example: { header_handle: [upload.h] } },
      { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Más" }] },
    ],
  };
  await approved(graph, {
    ...{ name: "tarjetas", language: "es", category: "MARKETING" },
    components: [
      { type: "BODY", text: "Hoy elegimos para ti." },
      { type: "CAROUSEL", cards: [card, card] },
    ],
  });
  const sent = (index: number) => ({
    card_index: index,
    components: [
      {
        type: "header",
        parameters: [{ type: "image", image: { link: `https://files.example.test/${index}.jpg` } }],
      },
      {
        type: "button",
        sub_type: "quick_reply",
        index: "0",
        parameters: [{ type: "payload", payload: `mas-${index}` }],
      },
    ],
  });
  const send = (cards: unknown[]) =>
    graph.send({
      type: "template",
      template: { name: "tarjetas", language: { code: "es" }, components: [{ type: "carousel", cards }] },
    });
  expect(await send([sent(0), sent(1)])).toMatchObject({ status: 200 });
  const [message] = await graph.control.messages("+34600000001");
  expect(message?.shown?.cards?.map((one) => one.buttons[0]?.payload)).toEqual(["mas-0", "mas-1"]);
  expect(await send([sent(0)])).toMatchObject(refused(132000));
});

test("outside the window free text is accepted and fails with 131047; inside it arrives", async () => {
  const graph = await setUpGraph();
  const text = { type: "text", text: { body: "Hola" } };
  expect(await graph.send(text)).toMatchObject({ status: 200 });
  await graph.pass(10);
  expect(failures(graph)).toEqual([expect.objectContaining({ code: 131047 })]);
  await graph.hearFrom();
  await graph.send(text);
  await graph.pass(60);
  expect(failures(graph)).toHaveLength(1);
  await graph.pass(86_400);
  await graph.send(text);
  await graph.pass(10);
  expect(failures(graph)).toHaveLength(2);
});

test("marketing fails afterwards for who stopped it, for the US, for the capped and for those in an experiment", async () => {
  const graph = await setUpGraph();
  await approved(graph, plainDraft("oferta"));
  const codeFor = async (to: string, api: object = {}) => {
    await graph.control.changeWorld({ api });
    const before = failures(graph).length;
    expect(await graph.send({ ...plainSend("oferta"), to })).toMatchObject({ status: 200 });
    await graph.pass(10);
    return failures(graph)[before]?.code;
  };
  await graph.control.act([{ phone: "+34600000002", do: { act: "stop" } }]);
  expect(await codeFor("+34600000002")).toBe(131050);
  expect(await codeFor("+12125550123")).toBe(131049);
  expect(await codeFor("+14165550123")).toBeUndefined(); // Canada.
  expect(await codeFor("+12125550124", { pausesMarketingInUS: false })).toBeUndefined();
  expect(await codeFor("+525512345678", { cappedShare: 1 })).toBe(131049);
  expect(await codeFor("+34600000003", { cappedShare: 1 })).toBeUndefined(); // No cap in the EEA.
  expect(await codeFor("+34600000004", { experimentShare: 1 })).toBe(130472);
  expect(await codeFor("+525512345679", { marketingPerPersonAndDay: 1 })).toBeUndefined();
  expect(await codeFor("+525512345679", { marketingPerPersonAndDay: 1 })).toBe(131049);
  await graph.hearFrom("+525512345679");
  expect(await codeFor("+525512345679", { marketingPerPersonAndDay: 1 })).toBeUndefined();
});

test("the portfolio may write to so many people outside windows in 24 hours, whoever wrote first not counted", async () => {
  const graph = await setUpGraph({ api: { messagingLimit: "TIER_250" } });
  await approved(graph, plainDraft("oferta"));
  const send = (index: number) => graph.send({ ...plainSend("oferta"), to: `+346${String(index).padStart(8, "0")}` });
  for (let index = 0; index < 250; index++) await send(index);
  expect(await send(250)).toMatchObject(refused(131048));
  expect(await send(249)).toMatchObject({ status: 200 });
  await graph.hearFrom("+34600000251");
  expect(await send(251)).toMatchObject({ status: 200 });
  await graph.pass(86_400);
  expect(await send(250)).toMatchObject({ status: 200 });
  await graph.control.changeWorld({ api: { messagingLimit: "TIER_2K" } });
  await graph.pass(1);
  expect(graph.heard("business_capability")).toContainEqual(
    expect.objectContaining({ dailyLimit: { kind: "count", people: 2_000 } }),
  );
});

test("a number in test mode writes to its list only, a deregistered one to nobody", async () => {
  const graph = await setUpGraph({ api: { allowedRecipients: ["+34600000001"] } });
  const text = { type: "text", text: { body: "x" } };
  expect(await graph.send(text)).toMatchObject({ status: 200 });
  expect(await graph.send({ ...text, to: "+34600000002" })).toMatchObject(refused(131030));
  await graph.call("POST", `${graph.sandbox.phoneNumberId}/deregister`);
  expect(await graph.send(text)).toMatchObject(refused(133010));
});

test("marketing messages go their own way: only marketing, synced, and priced as marketing_lite", async () => {
  const graph = await setUpGraph();
  await approved(graph, plainDraft("oferta"));
  await approved(graph, { ...plainDraft("aviso", "Tu pedido sale mañana."), category: "UTILITY" });
  const market = (message: object) => graph.send({ ...message }, "marketing_messages");
  expect(await market({ type: "text", text: { body: "x" } })).toMatchObject(refused(100));
  expect(await market(plainSend("aviso"))).toMatchObject(refused(134100));
  expect(await market({ ...plainSend("oferta"), product_policy: "LENIENT" })).toMatchObject(refused(131009));
  expect(await market({ ...plainSend("oferta"), product_policy: "STRICT" })).toMatchObject({ status: 200 });
  await graph.pass(10);
  expect(graph.heard("status")[0]).toMatchObject({ pricing: { category: "marketing_lite" } });

  await graph.control.changeWorld({ api: { marketingMessages: { syncSeconds: 600 } } });
  await approved(graph, plainDraft("nueva"));
  expect(await market(plainSend("nueva"))).toMatchObject(refused(134101));
  await graph.pass(600);
  expect(await market(plainSend("nueva"))).toMatchObject({ status: 200 });

  await graph.control.changeWorld({ api: { marketingMessages: { isOnboarded: false } } });
  expect(await market({ ...plainSend("oferta"), product_policy: "STRICT" })).toMatchObject(refused(134102));
  expect(await market(plainSend("oferta"))).toMatchObject({ status: 200 });

  await graph.call("POST", graph.sandbox.wabaId, { disable_marketing_messages_on_cloud_api: true });
  expect(await graph.send(plainSend("oferta"))).toMatchObject(refused(131063));
  expect(await graph.send(plainSend("aviso"))).toMatchObject({ status: 200 });
});

test("an authentication template has Meta's own texts, takes a code, and does not go to a user id", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, {
    ...{ name: "codigo", language: "es", category: "AUTHENTICATION" },
    components: [
      { type: "BODY", add_security_recommendation: true },
      { type: "FOOTER", code_expiration_minutes: 5 },
      { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] },
    ],
  });
  expect((await graph.call("GET", id)).body.components).toMatchObject([
    { type: "BODY", text: "Tu código de verificación es *{{1}}*. Por tu seguridad, no lo compartas." },
    { type: "FOOTER", text: "Este código caduca en 5 minutos." },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "Copiar código" }] },
  ]);
  const parameters = [{ type: "text", text: "123456" }];
  const components = [
    { type: "body", parameters },
    { type: "button", sub_type: "url", index: "0", parameters },
  ];
  const message = { type: "template", template: { name: "codigo", language: { code: "es" }, components } };
  expect(await graph.send(message)).toMatchObject({ status: 200 });
  const toUserId = { ...message, to: undefined, recipient: "ES.12345678901234567" };
  expect(await graph.send(toUserId)).toMatchObject(refused(131062));
  const long = [{ type: "text", text: "1".repeat(16) }];
  const tooLong = components.map((one) => ({ ...one, parameters: long }));
  expect(await graph.send({ ...message, template: { ...message.template, components: tooLong } })).toMatchObject(
    refused(132005),
  );
});

test("an authentication template without its button, or with a text of its own, is refused; only its time may change alone", async () => {
  const graph = await setUpGraph();
  const create = (components: object[]) =>
    graph.call("POST", `${graph.sandbox.wabaId}/message_templates`, {
      ...{ name: "codigo", language: "es", category: "AUTHENTICATION", components },
    });
  const otp = { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] };
  expect(await create([{ type: "BODY" }])).toMatchObject(refused(100));
  expect(await create([{ type: "BODY", text: "Tu código es {{1}}." }, otp])).toMatchObject(refused(100));
  const created = await create([{ type: "BODY" }, otp]);
  expect(created).toMatchObject({ status: 200 });
  const id = String(created.body.id);
  expect(await graph.call("POST", id, { message_send_ttl_seconds: 3_600 })).toMatchObject(refused(100));
  expect(await graph.call("POST", id, { message_send_ttl_seconds: 300 })).toMatchObject({ body: { success: true } });
});

test("marking as read and the typing indicator are answered with success", async () => {
  const { call, sandbox } = await setUpGraph();
  const mark = { messaging_product: "whatsapp", status: "read", message_id: "wamid.X" };
  for (const body of [mark, { ...mark, typing_indicator: { type: "text" } }]) {
    expect(await call("POST", `${sandbox.phoneNumberId}/messages`, body)).toMatchObject({ body: { success: true } });
  }
});
