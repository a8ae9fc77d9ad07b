import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkTemplateDraft } from "@/lib/whatsapp/template-rules";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { isUnread, refusedRequests, refusedTemplates, unneededDeviations, unspokenRequests } from "./deviations";
import { canonical, rebuilt } from "./support/domain";
import { filled, templateFor } from "./support/fill";
import { complaints, isPresent, type Json, requestExamples } from "./support/openapi";
import { newPerson } from "./support/people";
import { bodyOf, type Receiver, startReceiver } from "./support/receiver";
import { type Sandbox, startSandbox } from "./support/sandbox";
import { withHandles } from "./support/templates";

// Meta's OpenAPI file against client, sandbox and intake: its examples are fixtures, its schemas judge what comes back.
// deviations.ts lists in what it is wrong or older than the API. `npm run test:long` counts all of it as skipped where the
// file is not.

const MESSAGES = "/{Version}/{Phone-Number-ID}/messages";
const MARKETING = "/{Version}/{Phone-Number-ID}/marketing_messages";
const TEMPLATES = "/{Version}/{WABA-ID}/message_templates";
const WEBHOOKS = "/whatsapp/webhooks";
const messages = requestExamples(MESSAGES, 50);
const marketing = requestExamples(MARKETING, 3);
const templates = requestExamples(TEMPLATES, 11);
const webhooks = requestExamples(WEBHOOKS, 16);
const WAMID = "wamid.HBgLMTU1NTAxMDA3NzcVAgASGBQzQTAwMDAwMDAwMDAwMEIwMDAwMQA=";

const fileTypes: Record<string, string> = {
  image: "image/png",
  video: "video/mp4",
  audio: "audio/ogg",
  document: "application/pdf",
  sticker: "image/webp",
};

let sandbox: Sandbox;
let receiver: Receiver;
const posts: Json[] = [];
const media: Record<string, string> = {};
const inFile = test.skipIf(!isPresent);

beforeAll(async () => {
  if (!isPresent) return;
  sandbox = await startSandbox();
  receiver = await startReceiver(async (request, response) => {
    posts.push(JSON.parse((await bodyOf(request)).toString("utf8")));
    response.writeHead(200).end();
  });
  await sandbox.control.changeWorld({ webhook: { url: receiver.url } });
  for (const kind of Object.keys(fileTypes)) media[kind] = await upload(kind);
});
afterAll(async () => {
  await receiver?.close();
  await sandbox?.close();
});

interface Answer {
  status: number;
  body: Json;
}

async function call(method: string, path: string, body?: Json | FormData): Promise<Answer> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${sandbox.baseUrl}/v23.0${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.token}`, ...(!isForm && { "content-type": "application/json" }) },
    body: body === undefined || isForm ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

/** Uploads a file that can be sent as this kind of message; gives its id. */
async function upload(kind: string): Promise<string> {
  const type = fileTypes[kind] ?? "";
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", type);
  form.set("file", new Blob([`a file of ${kind}`], { type }), "file");
  const { body } = await call("POST", `/${sandbox.phoneNumberId}/media`, form);
  return String(body.id);
}

/** Creates what the example names, and waits for its review. */
async function provide(template: Json): Promise<void> {
  const draft = await withHandles(template, sandbox);
  const { status, body } = await call("POST", `/${sandbox.wabaId}/message_templates`, draft);
  if (status !== 200) throw new Error(JSON.stringify(body));
  await sandbox.quiet();
}

inFile("the file has the examples that were counted, and one is not told for another", () => {
  const counts = [messages, marketing, templates, webhooks].map((examples) => examples.length);
  expect(counts).toEqual([50, 3, 11, 16]);
});

describe("requests that Meta prints", () => {
  const fill = (value: Json, to: string) => filled(value, { to, wamid: WAMID, media });

  inFile.each(messages)("the sandbox takes: $name", async ({ name, value }) => {
    const to = newPerson();
    const request = fill(value, to);
    if (request.type === "template") {
      const sent = request.template as Parameters<typeof templateFor>[0];
      if (!/^[a-z_]+$/.test(sent.name)) sent.name = `example_${messages.findIndex((one) => one.name === name)}`;
      await provide(templateFor(sent, name));
    }
    const { status, body } = await call("POST", `/${sandbox.phoneNumberId}/messages`, request);
    const refusal = refusedRequests[name];
    if (refusal) {
      expect(body).toMatchObject({ error: { code: refusal.code } });
      expect(complaints("GraphAPIError", body)).toEqual([]);
      return;
    }
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(complaints({ path: MESSAGES, method: "post" }, body)).toEqual([]);
    if (request.status === "read") return expect(body).toEqual({ success: true });
    expect(body).toMatchObject({
      messaging_product: "whatsapp",
      contacts: [{ input: to, wa_id: to.slice(1) }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
  });

  const spoken = messages.filter(({ name }) => !(name in unspokenRequests));
  inFile.each(spoken)("our client says the same: $name", ({ value }) => {
    const request = fill(value, "+34600000001");
    expect(canonical(rebuilt(request))).toEqual(canonical(request));
  });
});

describe("requests over Marketing Messages that Meta prints", () => {
  inFile.each(marketing)("$name", async ({ name, value }) => {
    const to = newPerson();
    const request: Json = { ...value, to };
    const sent = structuredClone(request.template) as Parameters<typeof templateFor>[0];
    await provide(templateFor(sent, name));
    const { status, body } = await call("POST", `/${sandbox.phoneNumberId}/marketing_messages`, request);
    expect({ status, body }).toMatchObject({ status: 200, body: { contacts: [{ input: to, wa_id: to.slice(1) }] } });
    expect(complaints({ path: MARKETING, method: "post" }, body)).toEqual([]);
    expect(canonical(rebuilt(request))).toEqual(canonical(request));
  });
});

describe("templates that Meta prints", () => {
  inFile.each(templates)("$name", async ({ name, value }) => {
    const open = filled(value, { to: "", wamid: WAMID, media });
    const draft = (await withHandles(open, sandbox)) as Parameters<typeof checkTemplateDraft>[0] & Json;
    // Two of them have one name, and a name that was deleted rests for a month.
    draft.name = `printed_${templates.findIndex((one) => one.name === name)}`;
    const expected = refusedTemplates[name];
    expect(checkTemplateDraft(draft).map(({ code }) => code)).toEqual(expected ? [expected.problem] : []);
    const { status, body } = await call("POST", `/${sandbox.wabaId}/message_templates`, draft);
    if (expected) {
      expect(status).toBe(400);
      expect(complaints("GraphAPIError", body)).toEqual([]);
      return;
    }
    expect({ status, body }).toMatchObject({ status: 200, body: { status: "PENDING" } });
    expect(complaints({ path: TEMPLATES, method: "post" }, body)).toEqual([]);
    const gone = await call("DELETE", `/${sandbox.wabaId}/message_templates?name=${draft.name}`);
    expect(complaints({ path: TEMPLATES, method: "delete" }, gone.body)).toEqual([]);
    expect(gone.body).toEqual({ success: true });
  });
});

describe("webhooks that Meta prints", () => {
  /** What only frames an item, or says in another key what the item is. */
  const FRAME = new Set(["messaging_product", "metadata", "type"]);

  /** Every value with the path of its keys. */
  function leaves(value: unknown, path: string[] = []): { path: string; text: string }[] {
    if (FRAME.has(path.at(-1) ?? "")) return [];
    const text = value instanceof Date ? String(value.getTime() / 1_000) : String(value);
    if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path));
    if (typeof value !== "object" || value === null || value instanceof Date) {
      return value === undefined || value === "" ? [] : [{ path: path.join("."), text }];
    }
    return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, name]));
  }

  inFile.each(webhooks)("$name is read without loss", ({ value }) => {
    const parsed = parseWebhook(JSON.stringify(value));
    if (parsed.kind !== "items") throw new Error(parsed.reason);
    expect(parsed.items).toHaveLength(1);
    const kept = new Set(leaves(parsed.items).map(({ text }) => text));
    const [entry] = value.entry as { id: string; changes: { value: Json }[] }[];
    const {
      contacts,
      messages: [message] = [],
      ...others
    }: Json & { messages?: Json[] } = entry?.changes[0]?.value ?? {};
    const given = [...leaves(contacts, ["contact"]), ...leaves(message), ...leaves(others)];
    const lost = given.filter(({ path, text }) => !kept.has(text) && !isUnread(path));
    expect(lost).toEqual([]);
    expect(parsed.items[0]).toMatchObject({ wabaId: entry?.id });
  });
});

describe("answers and webhooks of the sandbox", () => {
  inFile("reads and media agree with Meta's schemas", async () => {
    const { phoneNumberId, wabaId } = sandbox;
    const mediaId = await upload("image"); // What was uploaded before has grown old: a second is a month here.
    const reads: [path: string, address: string][] = [
      ["/{Version}/{Phone-Number-ID}", `/${phoneNumberId}`],
      [
        "/{Version}/{WABA-ID}/phone_numbers",
        `/${wabaId}/phone_numbers?fields=id,display_phone_number,verified_name,quality_rating,status`,
      ],
      ["/{Version}/{WABA-ID}/subscribed_apps", `/${wabaId}/subscribed_apps`],
      [TEMPLATES, `/${wabaId}/message_templates?limit=3`],
      ["/{Version}/{Media-ID}", `/${mediaId}?phone_number_id=${phoneNumberId}`],
    ];
    for (const [path, address] of reads) {
      const { status, body } = await call("GET", address);
      expect({ status, path }).toEqual({ status: 200, path });
      expect({ path, complaints: complaints({ path, method: "get" }, body) }).toEqual({ path, complaints: [] });
    }
  });

  inFile("every kind of refusal is an error in Graph's shape", async () => {
    const { phoneNumberId, wabaId } = sandbox;
    const to = newPerson();
    const wrong: [method: string, path: string, body?: Json][] = [
      ["POST", "/1/messages", { messaging_product: "whatsapp", to, type: "text", text: { body: "Hello" } }],
      ["POST", `/${phoneNumberId}/messages`, { to, type: "text", text: { body: "Hello" } }],
      ["POST", `/${phoneNumberId}/messages`, { messaging_product: "whatsapp", type: "text", text: { body: "Hello" } }],
      ["POST", `/${phoneNumberId}/messages`, { messaging_product: "whatsapp", to, type: "text", text: {} }],
      ["POST", `/${phoneNumberId}/messages`, { messaging_product: "whatsapp", to, type: "poem", poem: {} }],
      ["POST", `/${wabaId}/message_templates`, { name: "Wrong Name", language: "es", category: "MARKETING" }],
      ["GET", `/${wabaId}/message_templates?after=nonsense`],
      ["DELETE", `/${wabaId}/message_templates?name=nobody_knows_it`],
      ["GET", "/123456"],
      ["GET", `/${phoneNumberId}/nothing_here`],
    ];
    for (const [method, path, body] of wrong) {
      const answer = await call(method, path, body);
      expect({ path, isRefused: answer.status >= 400 }).toEqual({ path, isRefused: true });
      expect({ path, complaints: complaints("GraphAPIError", answer.body) }).toEqual({ path, complaints: [] });
    }
  });

  inFile("every status that the sandbox posts is one in Meta's schema", async () => {
    posts.length = 0;
    await provide({
      name: "status_judge",
      language: "en_US",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Your parcel is on its way to the address that you gave us." }],
    });
    const template = { name: "status_judge", language: { code: "en_US" } };
    for (const content of [
      { type: "template", template },
      { type: "text", text: { body: "outside the window" } },
    ]) {
      const request = { messaging_product: "whatsapp", to: newPerson(), ...content };
      await call("POST", `/${sandbox.phoneNumberId}/messages`, request);
    }
    await sandbox.quiet();
    const statuses = posts.flatMap(onlyStatuses);
    const said = statuses.flatMap(({ entry }) =>
      entry.flatMap(({ changes }) => changes.flatMap((one) => one.value.statuses)),
    );
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set(["sent", "delivered", "read", "failed"]));
    expect(statuses.flatMap((post) => complaints("WebhookPayload", post))).toEqual([]);
  });
});

inFile("no deviation is listed that is not needed", () => {
  const names = new Set(messages.map(({ name }) => name));
  const created = new Set(templates.map(({ name }) => name));
  expect(
    [...Object.keys(refusedRequests), ...Object.keys(unspokenRequests)].filter((name) => !names.has(name)),
  ).toEqual([]);
  expect(Object.keys(refusedTemplates).filter((name) => !created.has(name))).toEqual([]);
  expect(unneededDeviations()).toEqual([]);
});

interface StatusPost {
  entry: { changes: { value: { statuses: { status: string }[] } }[] }[];
}

/** The post without its other changes: the file's schemas of inbound messages are wrong (cloud-api.md 18). */
function onlyStatuses(post: Json): StatusPost[] {
  const entries = (post.entry as { changes: { value: Json }[] }[]).flatMap(({ changes, ...entry }) => {
    const kept = changes.filter(({ value }) => "statuses" in value);
    return kept.length > 0 ? [{ ...entry, changes: kept }] : [];
  });
  return entries.length > 0 ? [{ ...post, entry: entries } as unknown as StatusPost] : []; // Kept for their statuses.
}
