import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  ActionButtons,
  ActionCallPermission,
  ActionCatalog,
  ActionContactRequest,
  ActionCTA,
  ActionDataExchangeFlow,
  ActionList,
  ActionLocation,
  ActionNavigateFlow,
  ActionProduct,
  ActionProductList,
  Address,
  Audio,
  Birthday,
  Body,
  BodyComponent,
  BodyParameter,
  Button,
  CarouselCard,
  CarouselComponent,
  CatalogComponent,
  CatalogProduct,
  Contacts,
  CopyComponent,
  Currency,
  DateTime,
  Document,
  Email,
  FlowComponent,
  Footer,
  Header,
  HeaderComponent,
  HeaderParameter,
  Image,
  Interactive,
  ListSection,
  Location,
  LTOComponent,
  MPMComponent,
  Name,
  Organization,
  PayloadComponent,
  Phone,
  Product,
  ProductSection,
  Reaction,
  Row,
  SkipButtonComponent,
  Sticker,
  Template,
  Text,
  URLComponent,
  Url,
  Video,
} from "whatsapp-api-js/messages";
import { WhatsAppAPI } from "whatsapp-api-js/middleware/node-http";
import type { ClientMessage, TemplateComponent } from "whatsapp-api-js/types";
import { newPerson, waIdOf } from "./support/people";
import { type Receiver, startReceiver } from "./support/receiver";
import { type Sandbox, startSandbox } from "./support/sandbox";
import { createTemplates, drafts } from "./support/templates";

// whatsapp-api-js 6.3.0 as a client of the sandbox, and its middleware for Node as the receiver of its posts. It knows
// one address only, Meta's: what goes there is sent to the sandbox instead, and nothing else is changed.

const LINK = "https://media.example.test/file";
const GRAPH = "https://graph.facebook.com";
const VERIFY_TOKEN = "judge";

type Message = Parameters<NonNullable<WhatsAppAPI["on"]["message"]>>[0];
type Status = Parameters<NonNullable<WhatsAppAPI["on"]["status"]>>[0];

let sandbox: Sandbox;
let client: WhatsAppAPI;
let receiver: Receiver;
const answered: number[] = [];
const messages: Message[] = [];
const statuses: Status[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  client = new WhatsAppAPI({
    token: sandbox.token,
    appSecret: sandbox.appSecret,
    webhookVerifyToken: VERIFY_TOKEN,
    v: "v25.0",
    ponyfill: { fetch: (url, init) => fetch(String(url).replace(GRAPH, sandbox.baseUrl), init) },
  });
  client.on.message = (message) => void messages.push(message);
  client.on.status = (status) => void statuses.push(status);
  receiver = await startReceiver(async (request, response) => {
    if (request.method === "GET") {
      try {
        const challenge = client.handle_get(request);
        return response.writeHead(200).end(challenge);
      } catch (status) {
        return response.writeHead(Number(status)).end();
      }
    }
    const status = await client.handle_post(request);
    answered.push(status);
    return response.writeHead(status).end();
  });
  await createTemplates(sandbox);
});
afterAll(async () => {
  await receiver?.close();
  await sandbox?.close();
});
beforeEach(async () => {
  await sandbox.quiet(); // Nothing of an earlier test is heard in a later one.
  for (const list of [answered, messages, statuses]) list.length = 0;
});

const body = new Body("Which one?");
const footer = new Footer("Until Sunday");
const header = new Header("Choose");

const interactive: Record<string, Interactive> = {
  "reply buttons": new Interactive(
    new ActionButtons(new Button("1", "One"), new Button("2", "Two")),
    body,
    new Header(new Image(LINK)),
    footer,
  ),
  list: new Interactive(
    new ActionList("Open", new ListSection("All", new Row("1", "One", "The first"))),
    body,
    header,
    footer,
  ),
  product: new Interactive(new ActionProduct(new CatalogProduct("sku", "1")), body, undefined, footer),
  "product list": new Interactive(
    new ActionProductList("1", new ProductSection("All", new Product("sku"))),
    body,
    header,
    footer,
  ),
  catalogue: new Interactive(new ActionCatalog(new Product("sku")), body, undefined, footer),
  "link button": new Interactive(new ActionCTA("Open", "https://shop.example.test/"), body, header, footer),
  "flow that navigates": new Interactive(
    new ActionNavigateFlow("token", "1", "Open", "START", { name: "Ana" }),
    body,
    header,
    footer,
  ),
  "flow that exchanges": new Interactive(new ActionDataExchangeFlow("token", "1", "Open"), body, header, footer),
  "request for a location": new Interactive(new ActionLocation(), body),
  "request to call": new Interactive(new ActionCallPermission(), body),
  "request for the number": new Interactive(new ActionContactRequest(), body),
};

describe("sends that are not templates", () => {
  const sends: Record<string, ClientMessage> = {
    text: new Text("Hola 👋 ñ https://shop.example.test/", true),
    image: new Image(LINK, false, "Look"),
    video: new Video(LINK, false, "Look"),
    "voice message": new Audio(LINK, false, true),
    document: new Document(LINK, false, "Read", "a.pdf"),
    sticker: new Sticker(LINK),
    location: new Location(-3.7, 40.4, "Madrid", "Sol 1"),
    contacts: new Contacts([
      new Name("Ana Ruiz", "Ana", "Ruiz"),
      new Birthday("1990", "05", "01"),
      new Organization("Shop"),
      new Phone("+34600000001", "WORK", "34600000001"),
      new Email("ana@example.test", "WORK"),
      new Url("https://shop.example.test/", "WORK"),
      new Address("Spain", "ES", "Madrid", "Madrid", "Sol 1", "28013", "WORK"),
    ]),
    ...interactive,
  };

  test.each(Object.entries(sends))("%s is accepted under a wamid", async (_name, message) => {
    const to = newPerson();
    const sent = await client.sendMessage(sandbox.phoneNumberId, to, message, undefined, "judge:callback");
    expect(sent).toEqual({
      messaging_product: "whatsapp",
      contacts: [{ input: to, wa_id: waIdOf(to) }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    const kept = await sandbox.control.messages(to);
    expect(kept.map(({ type, callbackData }) => ({ type, callbackData }))).toEqual([
      { type: message._type, callbackData: "judge:callback" },
    ]);
  });

  test("what a person wrote is answered with its context, reacted to, and marked as read", async () => {
    const to = newPerson();
    const { phoneNumberId } = sandbox;
    await listen();
    await client.sendMessage(phoneNumberId, to, new Template(drafts.plain.name, "en_US"));
    await sandbox.quiet();
    const [written] = messages;
    if (!written) throw new Error("nobody answered");
    const reaction = await client.sendMessage(phoneNumberId, to, new Reaction(written.message.id, "👍"));
    const reply = await written.reply(new Text("Thank you"), true);
    expect(reaction).toMatchObject({ messages: [{ id: expect.any(String) }] });
    expect(reply).toMatchObject({ contacts: [{ wa_id: waIdOf(to) }], messages: [{ id: expect.any(String) }] });
    expect(await written.received()).toEqual({ success: true });
    expect(await written.received("text")).toEqual({ success: true });
  });
});

describe("templates", () => {
  const texts = (first: string, ...more: string[]) =>
    new BodyComponent(new BodyParameter(first), ...more.map((value) => new BodyParameter(value)));
  const card = () =>
    new CarouselCard(new Image(LINK), texts("Ana"), new PayloadComponent("MORE"), new URLComponent("1"));
  const sends: [keyof typeof drafts, TemplateComponent[]][] = [
    [
      "positional",
      [
        new HeaderComponent(new HeaderParameter("Ana")),
        texts("Ana", "shoes"),
        new PayloadComponent("OPT_OUT"),
        new URLComponent("42"),
      ],
    ],
    ["named", [new BodyComponent(new BodyParameter("A1", "parcel"), new BodyParameter("Ana", "first_name"))]],
    [
      "values",
      [
        new BodyComponent(
          new BodyParameter(new Currency(10_000, "EUR", "10 €")),
          new BodyParameter(new DateTime("1 May")),
        ),
      ],
    ],
    ["plain", []],
    ["image", [new HeaderComponent(new HeaderParameter(new Image(LINK))), new CopyComponent("SAVE20")]],
    ["video", [new HeaderComponent(new HeaderParameter(new Video(LINK)))]],
    ["document", [new HeaderComponent(new HeaderParameter(new Document(LINK, false, undefined, "a.pdf")))]],
    ["location", [new HeaderComponent(new HeaderParameter(new Location(-3.7, 40.4, "Shop", "Sol 1")))]],
    ["flow", [new FlowComponent("token", { name: "Ana" })]],
    [
      "offer",
      [
        new HeaderComponent(new HeaderParameter(new Image(LINK))),
        new LTOComponent(1_798_761_600_000),
        new CopyComponent("SAVE20"),
        new URLComponent("42"),
      ],
    ],
    ["carousel", [new CarouselComponent(card(), card())]],
    ["catalog", [new CatalogComponent(new Product("sku"))]],
    ["products", [new MPMComponent(new Product("sku"), new ProductSection("All", new Product("sku")))]],
  ];

  test.each(sends)("%s is sent with its components", async (which, components) => {
    const to = newPerson();
    const template = new Template(drafts[which].name, "en_US", ...components);
    const sent = await client.sendMessage(sandbox.phoneNumberId, to, template);
    expect(sent).toEqual({
      messaging_product: "whatsapp",
      contacts: [{ input: to, wa_id: waIdOf(to) }],
      messages: [{ id: expect.stringMatching(/^wamid\./), message_status: "accepted" }],
    });
  });

  test("a button that needs nothing is skipped, and the next keeps its place", async () => {
    const template = new Template(
      drafts.positional.name,
      "en_US",
      new HeaderComponent(new HeaderParameter("Ana")),
      texts("Ana", "shoes"),
      new SkipButtonComponent(),
      new URLComponent("42"),
    );
    const sent = await client.sendMessage(sandbox.phoneNumberId, newPerson(), template);
    expect(sent).toMatchObject({ messages: [{ message_status: "accepted" }] });
  });

  test("a refusal is the error that Graph gives, and not a message", async () => {
    const sent = await client.sendMessage(sandbox.phoneNumberId, newPerson(), new Template("nobody_knows_it", "en_US"));
    expect(sent).toMatchObject({ error: { code: 132001, type: "OAuthException", fbtrace_id: expect.any(String) } });
  });
});

describe("media", () => {
  test("is uploaded, described, fetched, sent by its id, and deleted", () =>
    sandbox.inRealTime(async () => {
      const { phoneNumberId } = sandbox;
      const bytes = Buffer.from("%PDF-1.4 judge");
      const form = new FormData();
      form.set("file", new Blob([bytes], { type: "application/pdf" }), "a.pdf");
      const uploaded = await client.uploadMedia(phoneNumberId, form);
      if (!("id" in uploaded)) throw new Error(JSON.stringify(uploaded));
      const described = await client.retrieveMedia(uploaded.id, phoneNumberId);
      if (!("url" in described)) throw new Error(JSON.stringify(described));
      expect(described).toMatchObject({ id: uploaded.id, mime_type: "application/pdf", messaging_product: "whatsapp" });
      const fetched = await client.fetchMedia(described.url);
      expect(fetched.headers.get("content-type")).toContain("application/pdf");
      expect(Buffer.from(await fetched.arrayBuffer())).toEqual(bytes);
      const sent = await client.sendMessage(
        phoneNumberId,
        newPerson(),
        new Document(uploaded.id, true, "Read", "a.pdf"),
      );
      expect(sent).toMatchObject({ messages: [{ id: expect.any(String) }] });
      expect(await client.deleteMedia(uploaded.id, phoneNumberId)).toEqual({ success: true });
      expect(await client.retrieveMedia(uploaded.id)).toMatchObject({ error: { code: 100, error_subcode: 33 } });
    }));
});

describe("blocked users", () => {
  test("are named as they were given and as WhatsApp knows them, and are let in again", async () => {
    const { phoneNumberId } = sandbox;
    const user = newPerson();
    const known = [{ input: user, wa_id: waIdOf(user) }];
    expect(await client.blockUser(phoneNumberId, user)).toMatchObject({
      messaging_product: "whatsapp",
      block_users: { added_users: known },
    });
    expect(await client.unblockUser(phoneNumberId, user)).toMatchObject({
      messaging_product: "whatsapp",
      block_users: { removed_users: known },
    });
  });
});

describe("webhooks", () => {
  test("the address is verified by the library's challenge before it is used, and a wrong token is refused", async () => {
    expect(await subscribe("somebody else's")).toMatchObject({ error: { code: 2200 } });
    expect(await subscribe(VERIFY_TOKEN)).toEqual({ success: true });
  });

  test("every post is taken with 200, and statuses and the answer are what the raw body says", async () => {
    await listen();
    const to = newPerson();
    const template = new Template(drafts.plain.name, "en_US");
    const sent = await client.sendMessage(sandbox.phoneNumberId, to, template, undefined, "lane:7");
    await sandbox.quiet();
    expect(new Set(answered)).toEqual(new Set([200]));
    if (!("messages" in sent)) throw new Error(JSON.stringify(sent));
    expect(statuses.map(({ status }) => status).toSorted()).toEqual(["delivered", "read", "sent"]);
    for (const status of statuses) {
      expect(status).toMatchObject({
        phoneID: sandbox.phoneNumberId,
        id: sent.messages[0].id,
        phone: waIdOf(to),
        type: "individual",
        biz_opaque_callback_data: "lane:7",
        contact: { wa_id: waIdOf(to), user_id: expect.stringMatching(/^ES\.\d+$/) },
      });
    }
    expect(messages).toMatchObject([{ from: waIdOf(to), name: expect.any(String), message: { from: waIdOf(to) } }]);
  });

  test("a failed status carries its error, and no price", async () => {
    await listen();
    const to = newPerson();
    await client.sendMessage(sandbox.phoneNumberId, to, new Text("Hello"));
    await sandbox.quiet();
    expect(statuses).toMatchObject([{ status: "failed", phone: waIdOf(to), error: { code: 131047 } }]);
    expect(statuses[0]?.pricing).toBeUndefined();
  });

  test("a person is answered by user id, and a client that knows only that id gets no phone number back", async () => {
    await listen();
    await client.sendMessage(sandbox.phoneNumberId, newPerson(), new Template(drafts.plain.name, "en_US"));
    await sandbox.quiet();
    const bsuid = statuses[0]?.contact.user_id;
    if (!bsuid) throw new Error("no user id came");
    const sent = await client.sendMessage(sandbox.phoneNumberId, { bsuid }, new Template(drafts.plain.name, "en_US"));
    expect(sent).toMatchObject({ contacts: [{ input: bsuid, user_id: bsuid }] });
    expect(sent).not.toHaveProperty("contacts.0.wa_id");
  });
});

/** Sends the sandbox's webhooks to the library, one update a post: it reads no more than the first of each. */
async function listen() {
  await sandbox.control.changeWorld({ webhook: { url: receiver.url }, webhookShape: { maxBatch: 1 } });
}

async function subscribe(verifyToken: string): Promise<unknown> {
  const answer = await fetch(`${sandbox.baseUrl}/v25.0/${sandbox.wabaId}/subscribed_apps`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" },
    body: JSON.stringify({ override_callback_uri: receiver.url, verify_token: verifyToken }),
  });
  return answer.json();
}
