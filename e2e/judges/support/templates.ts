import type { Sandbox } from "./sandbox";

/** A picture of one point. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
const BASKET = "https://shop.example.test/basket/";

interface Draft {
  name: string;
  language: string;
  category: string;
  parameter_format?: "NAMED" | "POSITIONAL";
  components: { type: string; [key: string]: unknown }[];
}

const media = (format: keyof typeof FILES) => ({ type: "HEADER", format, example: { header_handle: [`<${format}>`] } });
/** Every body is another one: Meta refuses the same text twice. */
const body = (about: string) => ({
  type: "BODY",
  text: `This is what we tell you today about ${about}, as you asked us to.`,
});
const buttons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });
const card = (label: string) => ({
  components: [
    media("IMAGE"),
    {
      type: "BODY",
      text: `Everything about our ${label} for {{1}}, now in the shop.`,
      example: { body_text: [["you"]] },
    },
    buttons(
      { type: "QUICK_REPLY", text: "Tell me more" },
      { type: "URL", text: "Buy it", url: `${BASKET}{{1}}`, example: [`${BASKET}1`] },
    ),
  ],
});

/** One template for every component that can be sent (cloud-api.md 2.3). */
export const drafts = {
  positional: draft("judge_positional", [
    { type: "HEADER", format: "TEXT", text: "News for {{1}}", example: { header_text: ["Ana"] } },
    {
      type: "BODY",
      text: "Hello {{1}}, your order of {{2}} is ready and waiting for you in our shop in town.",
      example: { body_text: [["Ana", "shoes"]] },
    },
    { type: "FOOTER", text: "Answer STOP and we stop" },
    buttons(
      { type: "QUICK_REPLY", text: "No more of this" },
      { type: "URL", text: "See it", url: `${BASKET}{{1}}`, example: [`${BASKET}1`] },
      { type: "PHONE_NUMBER", text: "Call us", phone_number: "+34910000000" },
    ),
  ]),
  named: {
    ...draft("judge_named", [
      {
        type: "BODY",
        text: "Dear {{first_name}}, the parcel {{parcel}} has left our store and comes to you tomorrow morning.",
        example: {
          body_text_named_params: [
            { param_name: "first_name", example: "Ana" },
            { param_name: "parcel", example: "A1" },
          ],
        },
      },
    ]),
    parameter_format: "NAMED" as const,
  },
  values: draft("judge_values", [
    {
      type: "BODY",
      text: "We took {{1}} from your account on {{2}} for everything that you ordered from us last month.",
      example: { body_text: [["10 €", "1 May"]] },
    },
  ]),
  plain: draft("judge_plain", [body("nothing that changes")]),
  image: draft("judge_image", [
    media("IMAGE"),
    body("pictures"),
    buttons({ type: "COPY_CODE", example: "SAVE20" }, { type: "URL", text: "Shop", url: "https://shop.example.test/" }),
  ]),
  video: draft("judge_video", [media("VIDEO"), body("films")]),
  document: draft("judge_document", [media("DOCUMENT"), body("papers")]),
  location: draft("judge_location", [{ type: "HEADER", format: "LOCATION" }, body("our shop")], "UTILITY"),
  flow: draft("judge_flow", [
    body("a form"),
    buttons({ type: "FLOW", text: "Open it", flow_id: "123456789", flow_action: "navigate", navigate_screen: "START" }),
  ]),
  offer: draft("judge_offer", [
    media("IMAGE"),
    { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Only today", has_expiration: true } },
    body("a short time"),
    buttons(
      { type: "COPY_CODE", example: "SAVE20" },
      { type: "URL", text: "Shop", url: `${BASKET}{{1}}`, example: [`${BASKET}1`] },
    ),
  ]),
  carousel: draft("judge_carousel", [body("two things"), { type: "CAROUSEL", cards: [card("shoes"), card("hats")] }]),
  catalog: draft("judge_catalog", [body("the catalogue"), buttons({ type: "CATALOG", text: "View catalog" })]),
  products: draft("judge_products", [
    { type: "HEADER", format: "TEXT", text: "Your cart" },
    body("your cart"),
    buttons({ type: "MPM", text: "View items" }),
  ]),
};

function draft(name: string, components: Draft["components"], category = "MARKETING"): Draft {
  return { name, language: "en_US", category, components };
}

/** The smallest of each kind; examples of media are named by the handle that an upload gives. */
const FILES = {
  IMAGE: { type: "image/png", bytes: Buffer.from(PIXEL, "base64") },
  VIDEO: { type: "video/mp4", bytes: Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1") },
  DOCUMENT: { type: "application/pdf", bytes: Buffer.from("%PDF-1.4\n%%EOF\n") },
};

/** The draft with handles of files that were uploaded to this sandbox, where it shows files. */
export async function withHandles<T extends object>(draft: T, sandbox: Sandbox): Promise<T> {
  let text = JSON.stringify(draft);
  for (const [format, file] of Object.entries(FILES)) {
    if (!text.includes(`<${format}>`)) continue;
    text = text.replaceAll(`<${format}>`, await uploadHandle(sandbox, file));
  }
  return JSON.parse(text) as T; // Only texts in it have changed.
}

/** Meta's resumable upload (cloud-api.md 4): a session, then the bytes; the answer is the handle. */
async function uploadHandle(sandbox: Sandbox, { type, bytes }: { type: string; bytes: Buffer }): Promise<string> {
  const base = `${sandbox.baseUrl}/v25.0`;
  const query = new URLSearchParams({ file_name: "example", file_length: String(bytes.length), file_type: type });
  const authorization = `OAuth ${sandbox.token}`;
  const session = await fetch(`${base}/${sandbox.appId}/uploads?${query}`, {
    method: "POST",
    headers: { authorization },
  });
  const { id } = (await session.json()) as { id: string };
  const headers = { authorization, file_offset: "0" };
  const upload = await fetch(`${base}/${id}`, { method: "POST", headers, body: new Uint8Array(bytes) });
  return ((await upload.json()) as { h: string }).h;
}

/** Creates all of them over HTTP and waits until they are approved. */
export async function createTemplates(sandbox: Sandbox): Promise<void> {
  for (const one of Object.values(drafts)) {
    const answer = await fetch(`${sandbox.baseUrl}/v25.0/${sandbox.wabaId}/message_templates`, {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" },
      body: JSON.stringify(await withHandles(one, sandbox)),
    });
    if (!answer.ok) throw new Error(`${one.name}: ${await answer.text()}`);
  }
  await sandbox.quiet();
}
