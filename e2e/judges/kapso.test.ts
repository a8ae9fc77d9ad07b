import { buildTemplatePayload, GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newPerson, waIdOf } from "./support/people";
import { bodyOf, type Receiver, startReceiver } from "./support/receiver";
import { CALM, type Sandbox, startSandbox } from "./support/sandbox";
import { drafts, PIXEL, withHandles } from "./support/templates";

// @kapso/whatsapp-cloud-api 0.3.0 as a client of the sandbox, and its verifier and parser as the receiver of its posts.

const PICTURE = Buffer.from(PIXEL, "base64");
const LINK = "https://media.example.test/file";
const CALLBACK = "judge:kapso";

let sandbox: Sandbox;
let client: WhatsAppClient;
let receiver: Receiver;
type Heard = ReturnType<typeof normalizeWebhook>;
const heard: Heard[] = [];
let badSignatures = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new WhatsAppClient({ baseUrl: sandbox.baseUrl, accessToken: sandbox.token, graphVersion: "v25.0" });
  receiver = await startReceiver(async (request, response) => {
    const rawBody = await bodyOf(request);
    const signatureHeader = String(request.headers["x-hub-signature-256"]);
    if (!verifySignature({ appSecret: sandbox.appSecret, rawBody, signatureHeader })) badSignatures += 1;
    if (verifySignature({ appSecret: "another secret", rawBody, signatureHeader })) badSignatures += 1;
    heard.push(normalizeWebhook(JSON.parse(rawBody.toString("utf8"))));
    response.writeHead(200).end();
  });
  await sandbox.control.changeWorld({ webhook: { url: receiver.url } });
});
afterAll(async () => {
  await receiver?.close();
  await sandbox?.close();
});
beforeEach(async () => {
  await sandbox.quiet(); // Nothing of an earlier test is heard in a later one.
  heard.length = 0;
});

/** What the sandbox has accepted for a person. */
async function accepted(to: string) {
  return (await sandbox.control.messages(to)).map(({ wamid, type }) => ({ wamid, type }));
}

interface Component {
  type: string;
  [key: string]: unknown;
}

interface To {
  phoneNumberId: string;
  to: string;
  bizOpaqueCallbackData: string;
}
type Sent = Awaited<ReturnType<WhatsAppClient["messages"]["sendText"]>>;

describe("templates to send", () => {
  test.each(Object.values(drafts))("$name is created and approved", async (draft) => {
    const created = await client.templates.create({
      businessAccountId: sandbox.wabaId,
      name: draft.name,
      language: draft.language,
      category: draft.category,
      parameterFormat: draft.parameter_format,
      components: (await withHandles(draft, sandbox)).components as [Component], // None is empty.
    });
    expect(created).toMatchObject({ status: "PENDING", category: draft.category });
    await sandbox.quiet();
    const { data } = await client.templates.list({ businessAccountId: sandbox.wabaId, name: draft.name });
    expect(data).toMatchObject([{ id: created.id, status: "APPROVED" }]);
  });
});

describe("sends that are not templates", () => {
  const text = { bodyText: "Which one?", footerText: "Until Sunday" };
  const header = { type: "text" as const, text: "Choose" };
  const quickReply = (id: string) => ({ id, title: id });
  const picture = { type: "image" as const, image: { link: LINK } };
  const sends: Record<string, [type: string, send: (to: To) => Promise<Sent>]> = {
    text: ["text", (to) => client.messages.sendText({ ...to, body: "Hola 👋 ñ", previewUrl: true })],
    "image by link": ["image", (to) => client.messages.sendImage({ ...to, image: { link: LINK, caption: "Look" } })],
    video: ["video", (to) => client.messages.sendVideo({ ...to, video: { link: LINK, caption: "Look" } })],
    "voice message": ["audio", (to) => client.messages.sendAudio({ ...to, audio: { link: LINK, voice: true } })],
    document: [
      "document",
      (to) => client.messages.sendDocument({ ...to, document: { link: LINK, caption: "Read", filename: "a.pdf" } }),
    ],
    sticker: ["sticker", (to) => client.messages.sendSticker({ ...to, sticker: { link: LINK } })],
    location: [
      "location",
      (to) => client.messages.sendLocation({ ...to, location: { latitude: 40.4, longitude: -3.7, name: "Madrid" } }),
    ],
    contacts: [
      "contacts",
      (to) =>
        client.messages.sendContacts({
          ...to,
          contacts: [
            {
              name: { formattedName: "Ana Ruiz", firstName: "Ana" },
              phones: [{ phone: "+34600000001", type: "WORK" }],
            },
          ],
        }),
    ],
    "reply buttons": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveButtons({
          ...to,
          ...text,
          header: picture,
          buttons: [quickReply("one"), quickReply("two"), quickReply("three")],
        }),
    ],
    list: [
      "interactive",
      (to) =>
        client.messages.sendInteractiveList({
          ...to,
          ...text,
          header,
          buttonText: "Open",
          sections: [{ title: "All", rows: [{ id: "1", title: "One", description: "The first" }] }],
        }),
    ],
    product: [
      "interactive",
      (to) => client.messages.sendInteractiveProduct({ ...to, ...text, catalogId: "1", productRetailerId: "sku" }),
    ],
    "product list": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveProductList({
          ...to,
          ...text,
          header,
          catalogId: "1",
          sections: [{ title: "All", productItems: [{ productRetailerId: "sku" }] }],
        }),
    ],
    catalogue: [
      "interactive",
      (to) =>
        client.messages.sendInteractiveCatalogMessage({
          ...to,
          bodyText: "All we have",
          parameters: { thumbnailProductRetailerId: "sku" },
        }),
    ],
    flow: [
      "interactive",
      (to) =>
        client.messages.sendInteractiveFlow({
          ...to,
          ...text,
          parameters: { flowId: "1", flowCta: "Open", flowToken: "t", flowAction: "data_exchange" },
        }),
    ],
    address: [
      "interactive",
      (to) => client.messages.sendInteractiveAddress({ ...to, ...text, parameters: { country: "IN" } }),
    ],
    "request for a location": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveLocationRequest({ ...to, ...text, parameters: { requestMessage: "Where?" } }),
    ],
    "request to call": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveCallPermission({ ...to, ...text, parameters: { phoneNumber: "+34600000001" } }),
    ],
    "link button": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveCtaUrl({
          ...to,
          ...text,
          header,
          parameters: { displayText: "Open", url: "https://shop.example.test/" },
        }),
    ],
    carousel: [
      "interactive",
      (to) =>
        client.messages.sendInteractiveCarousel({
          ...to,
          bodyText: "Two of them",
          cards: [0, 1].map((cardIndex) => ({
            cardIndex,
            header: picture,
            bodyText: "One",
            action: { displayText: "Open", url: "https://shop.example.test/" },
          })),
        }),
    ],
    "request for the number": [
      "interactive",
      (to) =>
        client.messages.sendInteractiveRaw({
          ...to,
          interactive: {
            type: "contact_request",
            body: { text: "May we have your number?" },
            action: { name: "request_contact_info" },
          },
        }),
    ],
  };

  test.each(Object.entries(sends))("%s is accepted under a wamid", async (_name, [type, send]) => {
    const to = newPerson();
    const sent = await send({ phoneNumberId: sandbox.phoneNumberId, to, bizOpaqueCallbackData: CALLBACK });
    expect(sent).toEqual({
      messagingProduct: "whatsapp",
      contacts: [{ input: to, waId: waIdOf(to) }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    expect(await accepted(to)).toEqual([{ wamid: sent.messages[0]?.id, type }]);
  });

  test("a reply quotes, a reaction answers, and what a person wrote is marked as read", async () => {
    const to = { phoneNumberId: sandbox.phoneNumberId, to: newPerson() };
    await client.messages.sendTemplate({ ...to, template: { name: drafts.plain.name, language: { code: "en_US" } } });
    await sandbox.quiet();
    const [written] = heard.flatMap(({ messages }) => messages);
    if (!written) throw new Error("nobody answered");
    const reply = await client.messages.sendText({ ...to, body: "Thank you", contextMessageId: written.id });
    const reaction = await client.messages.sendReaction({ ...to, reaction: { messageId: written.id, emoji: "👍" } });
    const removal = await client.messages.sendReaction({ ...to, reaction: { messageId: written.id, emoji: "" } });
    expect([reply, reaction, removal].map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
    const read = { phoneNumberId: sandbox.phoneNumberId, messageId: written.id };
    expect(await client.messages.markRead(read)).toEqual({ success: true });
    expect(await client.messages.markRead({ ...read, typingIndicator: { type: "text" } })).toEqual({ success: true });
  });
});

describe("templates", () => {
  const header = (parameter: object) => ({ type: "header", parameters: [parameter] });
  const texts = (...values: string[]) => ({ type: "body", parameters: values.map((text) => ({ type: "text", text })) });
  const button = (sub_type: string, index: number | string, parameter: object) => ({
    type: "button",
    sub_type,
    index,
    parameters: [parameter],
  });
  const card = (card_index: number) => ({
    card_index,
    components: [
      header({ type: "image", image: { link: LINK } }),
      texts("Ana"),
      button("quick_reply", 0, { type: "payload", payload: "MORE" }),
      button("url", 1, { type: "text", text: "1" }),
    ],
  });
  const sends: [keyof typeof drafts, Component[]][] = [
    [
      "positional",
      [
        header({ type: "text", text: "Ana" }),
        texts("Ana", "shoes"),
        button("quick_reply", 0, { type: "payload", payload: "OPT_OUT" }),
        button("url", "1", { type: "text", text: "42" }),
      ],
    ],
    [
      "named",
      [
        {
          type: "body",
          parameters: [
            { type: "text", parameter_name: "parcel", text: "A1" },
            { type: "text", parameter_name: "first_name", text: "Ana" },
          ],
        },
      ],
    ],
    [
      "values",
      [
        {
          type: "body",
          parameters: [
            { type: "currency", currency: { fallback_value: "10 €", code: "EUR", amount_1000: 10_000 } },
            { type: "date_time", date_time: { fallback_value: "1 May" } },
          ],
        },
      ],
    ],
    ["plain", []],
    [
      "image",
      [
        header({ type: "image", image: { link: LINK } }),
        button("copy_code", 0, { type: "coupon_code", coupon_code: "SAVE20" }),
      ],
    ],
    ["video", [header({ type: "video", video: { link: LINK } })]],
    ["document", [header({ type: "document", document: { link: LINK, filename: "a.pdf" } })]],
    [
      "location",
      [header({ type: "location", location: { latitude: "40.4", longitude: "-3.7", name: "Shop", address: "Sol 1" } })],
    ],
    ["flow", [button("flow", 0, { type: "action", action: { flow_token: "t", flow_action_data: { a: "b" } } })]],
    ["carousel", [{ type: "carousel", cards: [card(0), card(1)] }]],
    ["catalog", [button("catalog", 0, { type: "action", action: { thumbnail_product_retailer_id: "sku" } })]],
  ];

  test.each(sends)("%s is sent with its components", async (which, components) => {
    const to = newPerson();
    const { name } = drafts[which];
    const built = buildTemplatePayload({ name, language: "en_US", components });
    const template = built as typeof built & { components: Component[] }; // Its two own types do not fit each other.
    const sent = await client.messages.sendTemplate({ phoneNumberId: sandbox.phoneNumberId, to, template });
    expect(sent.contacts).toEqual([{ input: to, waId: waIdOf(to) }]);
    expect(sent.messages).toEqual([{ id: expect.stringMatching(/^wamid\./), messageStatus: "accepted" }]);
  });

  test("a limited-time offer is sent as a raw template, which this client has no builder for", async () => {
    const components = [
      header({ type: "image", image: { link: LINK } }),
      {
        type: "limited_time_offer",
        parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_798_761_600_000 } }],
      },
      button("copy_code", 0, { type: "coupon_code", coupon_code: "SAVE20" }),
      button("url", 1, { type: "text", text: "42" }),
    ];
    const template = {
      name: drafts.offer.name,
      language: { code: "en_US" },
      components,
    };
    const sent = await client.messages.sendTemplate({
      phoneNumberId: sandbox.phoneNumberId,
      to: newPerson(),
      template,
    });
    expect(sent.messages[0]?.messageStatus).toBe("accepted");
  });

  test("what is wrong with a template is refused with Meta's code, which the client sorts under template", async () => {
    const to = { phoneNumberId: sandbox.phoneNumberId, to: newPerson() };
    const language = { code: "en_US" };
    const codeOf = async (template: { name: string; language: { code: string }; components?: Component[] }) => {
      const error = await client.messages.sendTemplate({ ...to, template }).catch((thrown: unknown) => thrown);
      if (!(error instanceof GraphApiError)) throw new Error("expected a refusal");
      expect(error.isTemplateError()).toBe(true);
      return [error.httpStatus, error.code];
    };
    expect(await codeOf({ name: "nobody_knows_it", language })).toEqual([404, 132001]);
    expect(await codeOf({ name: drafts.named.name, language: { code: "es" } })).toEqual([404, 132001]);
    expect(await codeOf({ name: drafts.values.name, language, components: [texts("1")] })).toEqual([400, 132000]);
    const image = [header({ type: "video", video: { link: LINK } })];
    expect(await codeOf({ name: drafts.image.name, language, components: image })).toEqual([400, 132012]);
  });

  test("the list comes in pages that follow their cursor to the end, every template once", async () => {
    const names: string[] = [];
    let after: string | undefined;
    do {
      const page = await client.templates.list({ businessAccountId: sandbox.wabaId, limit: 4, after });
      names.push(...page.data.map(({ name }) => name));
      after = page.paging?.next ? (page.paging.cursors.after ?? undefined) : undefined;
    } while (after !== undefined);
    expect(names.toSorted()).toEqual(
      Object.values(drafts)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  test("the list is filtered, and a template that was reviewed says so", async () => {
    const { data } = await client.templates.list({ businessAccountId: sandbox.wabaId, name: drafts.carousel.name });
    expect(data.map(({ name, status, category, language }) => ({ name, status, category, language }))).toEqual([
      { name: drafts.carousel.name, status: "APPROVED", category: "MARKETING", language: "en_US" },
    ]);
    expect((await client.templates.list({ businessAccountId: sandbox.wabaId, status: "REJECTED" })).data).toEqual([]);
  });

  test("a template is created, refused the second time, and deleted", async () => {
    const draft = {
      businessAccountId: sandbox.wabaId,
      name: "judge_short_lived",
      language: "es",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Tu pedido ha salido de nuestro almacén y llega mañana." }] as [Component],
    };
    const created = await client.templates.create(draft);
    expect(created).toEqual({ id: expect.stringMatching(/^\d+$/), status: "PENDING", category: "UTILITY" });
    await expect(client.templates.create(draft)).rejects.toMatchObject({ code: 100, httpStatus: 400 });
    const gone = { businessAccountId: sandbox.wabaId, name: draft.name };
    expect(await client.templates.delete(gone)).toEqual({ success: true });
    expect((await client.templates.list(gone)).data).toEqual([]);
  });
});

describe("media", () => {
  test("is uploaded, described, downloaded with the token only, sent by its id, and deleted", () =>
    sandbox.inRealTime(async () => {
      const { phoneNumberId } = sandbox;
      const { id: mediaId } = await client.media.upload({
        phoneNumberId,
        type: "image/png",
        file: PICTURE,
        fileName: "a.png",
      });
      const described = await client.media.get({ mediaId, phoneNumberId });
      expect(described).toMatchObject({ id: mediaId, mimeType: "image/png", messagingProduct: "whatsapp" });
      expect(Number(described.fileSize)).toBe(PICTURE.length);
      const bytes = (await client.media.download({ mediaId, phoneNumberId, auth: "always" })) as ArrayBuffer;
      expect(Buffer.from(bytes)).toEqual(PICTURE);
      const without = (await client.media.download({
        mediaId,
        phoneNumberId,
        auth: "never",
        as: "response",
      })) as Response;
      expect(without.status).toBe(401);
      const sent = await client.messages.sendImage({ phoneNumberId, to: newPerson(), image: { id: mediaId } });
      expect(sent.messages).toHaveLength(1);
      expect(await client.media.delete({ mediaId, phoneNumberId })).toEqual({ success: true });
      await expect(client.media.get({ mediaId, phoneNumberId })).rejects.toMatchObject({ code: 100, errorSubcode: 33 });
    }));
});

describe("refusals", () => {
  const codeOf = async (call: Promise<unknown>) => {
    const error = await call.catch((thrown: unknown) => thrown);
    if (!(error instanceof GraphApiError)) throw new Error("expected a refusal");
    return error;
  };
  const hello = { to: "+34600999999", body: "Hello" };

  test("a wrong token is an error of authorization that asks for a new token", async () => {
    const other = new WhatsAppClient({ baseUrl: sandbox.baseUrl, accessToken: "nobody's", graphVersion: "v25.0" });
    const error = await codeOf(other.messages.sendText({ phoneNumberId: sandbox.phoneNumberId, ...hello }));
    expect([error.httpStatus, error.code, error.requiresTokenRefresh()]).toEqual([401, 190, true]);
  });

  test("a number that is not ours is unknown, with Graph's subcode", async () => {
    const error = await codeOf(client.messages.sendText({ phoneNumberId: "1", ...hello }));
    expect([error.httpStatus, error.code, error.errorSubcode, error.type]).toEqual([
      400,
      100,
      33,
      "GraphMethodException",
    ]);
  });

  test("more messages to one person than the pair limit allows wait, and others go on", async () => {
    const { phoneNumberId } = sandbox;
    const to = newPerson();
    await sandbox.inRealTime(async () => {
      for (let count = 0; count < 45; count++) await client.messages.sendText({ phoneNumberId, to, body: "Hello" });
      const error = await codeOf(client.messages.sendText({ phoneNumberId, to, body: "Hello" }));
      expect([error.code, error.isRateLimit(), error.retry.action]).toEqual([131056, true, "retry_after"]);
      expect((await client.messages.sendText({ phoneNumberId, ...hello })).messages).toHaveLength(1);
    });
  });
});

describe("numbers", () => {
  test("a number is read with exactly the fields that were asked for, and the account lists it", async () => {
    const fields = "display_phone_number,quality_rating,throughput";
    const number = await client.request("GET", sandbox.phoneNumberId, { query: { fields }, responseType: "json" });
    expect(number).toEqual({
      id: sandbox.phoneNumberId,
      displayPhoneNumber: expect.any(String),
      qualityRating: "GREEN",
      throughput: { level: expect.any(String) },
    });
    const list = await client.request("GET", `${sandbox.wabaId}/phone_numbers`, { responseType: "json" });
    expect(list).toMatchObject({ data: [{ id: sandbox.phoneNumberId }] });
  });
});

describe("registration and profile", () => {
  const number = () => ({ phoneNumberId: sandbox.phoneNumberId });
  const done = { success: true };

  test("a number asks for its code, is verified, registered with its PIN only, and not without it", async () => {
    expect(await client.phoneNumbers.requestCode({ ...number(), codeMethod: "SMS", language: "es_ES" })).toEqual(done);
    expect(await client.phoneNumbers.verifyCode({ ...number(), code: "123456" })).toEqual(done);
    expect(await client.phoneNumbers.register({ ...number(), pin: "123456" })).toEqual(done);
    await expect(client.phoneNumbers.register({ ...number(), pin: "654321" })).rejects.toMatchObject({ code: 133005 });
  });

  test("a number that was deregistered sends nothing until it is registered again", async () => {
    const text = { ...number(), to: newPerson(), body: "Hello" };
    expect(await client.phoneNumbers.deregister(number())).toEqual(done);
    await expect(client.messages.sendText(text)).rejects.toMatchObject({ code: 133010, category: "phoneRegistration" });
    expect(await client.phoneNumbers.register({ ...number(), pin: "123456" })).toEqual(done);
    expect((await client.messages.sendText(text)).messages).toHaveLength(1);
  });

  test("profile and settings are what was last written", async () => {
    const profile = { about: "Zapatos y más", websites: ["https://shop.example.test/"], vertical: "RETAIL" };
    expect(await client.phoneNumbers.businessProfile.update({ ...number(), ...profile })).toEqual(done);
    const read = await client.phoneNumbers.businessProfile.get({ ...number(), fields: "about,websites" });
    expect(read.data).toEqual([{ about: profile.about, websites: profile.websites, messagingProduct: "whatsapp" }]);
    expect(await client.phoneNumbers.settings.update({ ...number(), fallbackLanguage: "es" })).toEqual(done);
    expect(await client.phoneNumbers.settings.get(number())).toMatchObject({ fallbackLanguage: "es" });
  });
});

describe("webhooks", () => {
  test("every post verifies over its raw bytes, and no other secret does", async () => {
    await client.messages.sendTemplate({
      phoneNumberId: sandbox.phoneNumberId,
      to: newPerson(),
      template: { name: drafts.plain.name, language: { code: "en_US" } },
    });
    await sandbox.quiet();
    expect(heard.length).toBeGreaterThan(0);
    expect(badSignatures).toBe(0);
  });

  test("a template's statuses arrive in order with price and callback, and the answer names its sender", async () => {
    const to = newPerson();
    const sent = await client.messages.sendTemplate({
      phoneNumberId: sandbox.phoneNumberId,
      to,
      bizOpaqueCallbackData: "lane:7",
      template: { name: drafts.plain.name, language: { code: "en_US" } },
    });
    await sandbox.quiet();
    const statuses = heard.flatMap((one) => one.statuses).toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp));
    expect(statuses.map(({ status }) => status)).toEqual(["sent", "delivered", "read"]);
    for (const status of statuses) {
      expect(status).toMatchObject({
        id: sent.messages[0]?.id,
        recipientId: waIdOf(to),
        bizOpaqueCallbackData: "lane:7",
      });
      expect(status.recipientUserId).toMatch(/^ES\.\d+$/);
    }
    expect(statuses.map(({ pricing }) => pricing?.category)).toEqual(["marketing", "marketing", undefined]);
    const [answer] = heard.flatMap(({ messages }) => messages);
    expect(answer).toMatchObject({ from: waIdOf(to), kapso: { direction: "inbound" } });
    const [contact] = heard.flatMap(({ contacts }) => contacts);
    expect(contact).toMatchObject({ waId: waIdOf(to), profile: { name: expect.any(String) } });
    expect(heard.every(({ phoneNumberId }) => phoneNumberId === sandbox.phoneNumberId)).toBe(true);
  });

  test("a text outside the window is accepted and fails afterwards with Meta's reason", async () => {
    const to = newPerson();
    await client.messages.sendText({ phoneNumberId: sandbox.phoneNumberId, to, body: "Hello" });
    await sandbox.quiet();
    const statuses = heard.flatMap((one) => one.statuses);
    expect(statuses).toMatchObject([{ status: "failed", recipientId: waIdOf(to), errors: [{ code: 131047 }] }]);
  });

  test("the review of a template is told under the field that the client files it by", async () => {
    await client.templates.create({
      businessAccountId: sandbox.wabaId,
      name: "judge_reviewed",
      language: "es",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Tu factura de noviembre está lista en tu cuenta." }],
    });
    await sandbox.quiet();
    expect(heard.flatMap(({ raw }) => raw.messageTemplateStatusUpdate ?? [])).toMatchObject([
      { event: "APPROVED", messageTemplateName: "judge_reviewed", messageTemplateLanguage: "es" },
    ]);
  });

  test("a person is written to by user id alone, and the answer to the call has no phone number", async () => {
    const to = newPerson();
    const template = { name: drafts.plain.name, language: { code: "en_US" } };
    await client.messages.sendTemplate({ phoneNumberId: sandbox.phoneNumberId, to, template });
    await sandbox.quiet();
    const recipient = heard.flatMap(({ contacts }) => contacts)[0]?.userId ?? "";
    const sent = await client.messages.sendTemplate({ phoneNumberId: sandbox.phoneNumberId, recipient, template });
    expect(sent.contacts).toEqual([{ input: recipient, userId: recipient }]);
  });

  test("batched, doubled and in disorder, what is heard is what the sandbox says that it told", async () => {
    const PEOPLE = 40;
    const template = { name: drafts.plain.name, language: { code: "en_US" } };
    const before = (await sandbox.control.state()).counts;
    await sandbox.control.changeWorld({ disorder: { ...CALM, duplicated: 0.5, reordered: 0.5 } });
    const wamids: string[] = [];
    for (let person = 0; person < PEOPLE; person++) {
      const sent = await client.messages.sendTemplate({
        phoneNumberId: sandbox.phoneNumberId,
        to: newPerson(),
        template,
      });
      wamids.push(...sent.messages.map(({ id }) => id));
    }
    await sandbox.quiet();
    await sandbox.control.changeWorld({ disorder: CALM });
    const after = (await sandbox.control.state()).counts;
    const told = new Set(heard.flatMap(({ statuses }) => statuses.map(({ id, status }) => `${id} ${status}`)));
    for (const status of ["sent", "delivered", "read"] as const) {
      expect(wamids.every((wamid) => told.has(`${wamid} ${status}`))).toBe(true);
      expect(after[status] - before[status]).toBe(PEOPLE);
    }
    expect(told.size).toBe(3 * PEOPLE);
    const answers = new Set(heard.flatMap(({ messages }) => messages.map(({ id }) => id)));
    expect(answers.size).toBe(after.friendlyAnswers - before.friendlyAnswers);
    expect(heard.some(({ statuses }) => statuses.length > 1)).toBe(true);
  });

  test("an app whose webhooks are of v23 is told the conversation, and later versions are not", async () => {
    const conversations = async () => {
      const template = { name: drafts.plain.name, language: { code: "en_US" } };
      await client.messages.sendTemplate({ phoneNumberId: sandbox.phoneNumberId, to: newPerson(), template });
      await sandbox.quiet();
      return heard
        .splice(0)
        .flatMap(({ statuses }) => statuses.map(({ status, conversation }) => [status, conversation]));
    };
    expect((await conversations()).filter(([, conversation]) => conversation)).toEqual([]);
    await sandbox.control.changeWorld({ webhookShape: { version: "v23.0" } });
    expect(Object.fromEntries(await conversations())).toMatchObject({
      sent: { id: expect.any(String), expirationTimestamp: expect.any(String), origin: { type: "marketing" } },
      delivered: { id: expect.any(String), origin: { type: "marketing" } },
      read: undefined,
    });
    await sandbox.control.changeWorld({ webhookShape: { version: "v25.0" } });
  });
});
