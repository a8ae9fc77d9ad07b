import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FreeFormContent, freeFormRequest } from "./free-form";
import { readRequest, type TemplateValues, templateRequest } from "./requests";

/** Requests of Meta's documentation, made from what the product knows; samples/README.md says what each one is. */
const samples = new URL("samples/", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, samples), "utf8");
const requestNames = readdirSync(samples).filter((name) => /^(send|mark|typing).*-request.json$/.test(name));

const TO = "+15550100777";
const USER_ID = "US.10000000000000000777";
const WAMID = "wamid.HBgLMTU1NTAxMDA3NzcVAgASGBQzQTAwMDAwMDAwMDAwMEIwMDAwMQA=";
const template = (name: string, values: TemplateValues = {}, to = TO) =>
  templateRequest({ to, template: name, language: "en_US", ...values });
const freely = (content: FreeFormContent, to = TO) => freeFormRequest({ to, ...content });

const anaAndDiscount = [{ text: "Ana" }, { text: "20%" }];
const named = [
  { name: "first_name", text: "Ana" },
  { name: "discount", text: "20%" },
];
const ana = [{ text: "Ana" }];
const image = (id: string) => ({ kind: "image" as const, media: { id } });
const copyCode = { kind: "copy_code" as const, index: 0, code: "SAVE20" };
const suffix = { kind: "url" as const, index: 1, suffix: "c7f3a1" };
const card = (index: number, mediaId: string) => ({
  header: image(mediaId),
  buttons: [
    { kind: "quick_reply" as const, index: 0, payload: `more-${index}` },
    { kind: "url" as const, index: 1, suffix: `item-${index}` },
  ],
});

const built: Record<string, unknown> = {
  "send-template-positional": templateRequest({
    to: TO,
    template: "spring_sale_a",
    language: "en_US",
    header: { text: "Spring sale" },
    body: anaAndDiscount,
    buttons: [{ kind: "quick_reply", index: 0, payload: "v=a;act=stop" }, suffix],
    callbackData: "exp:12|var:A|msg:7f2c",
  }),
  "send-template-named": template("spring_sale_b", { body: named }),
  "send-template-no-components": template("hello_plain"),
  "send-template-image-copycode": template("coupon_a", {
    header: image("600000000000001"),
    body: ana,
    buttons: [copyCode, suffix],
  }),
  "send-template-document-header": template("terms_update", {
    header: { kind: "document", media: { link: "https://files.example.test/terms.pdf" }, filename: "terms.pdf" },
    body: ana,
  }),
  "send-template-video-header": template("promo_video", {
    header: { kind: "video", media: { id: "600000000000002" } },
    body: ana,
  }),
  "send-template-location-header": template("store_opening", {
    header: {
      kind: "location",
      latitude: "37.0000",
      longitude: "-122.0000",
      name: "Example Store",
      address: "1 Example Street",
    },
    body: ana,
  }),
  "send-template-flow-button": template("survey_flow", {
    body: ana,
    buttons: [{ kind: "flow", index: 0, token: "ft-7f2c", data: { step: "1" } }],
  }),
  "send-template-limited-time-offer": template("lto_a", {
    header: image("600000000000001"),
    body: [{ text: "Ana" }, { text: "SAVE20" }],
    offer: { expiresAtMs: 1_764_500_000_000 },
    buttons: [copyCode, suffix],
  }),
  "send-template-carousel": template("carousel_a", {
    body: anaAndDiscount,
    cards: [card(0, "600000000000001"), card(1, "600000000000003")],
  }),
  "send-template-bsuid": template("spring_sale_b", { body: named }, USER_ID),
  "send-marketing-messages": templateRequest(
    { to: TO, template: "spring_sale_a", language: "en_US", body: anaAndDiscount },
    { productPolicy: "CLOUD_API_FALLBACK", shareActivity: true },
  ),
  "send-text": freely({ type: "text", previewUrl: true, body: "Thanks Ana! Details: https://shop.example.test/" }),
  "send-text-reply": freeFormRequest({ to: TO, replyTo: WAMID, type: "text", body: "Happy to help." }),
  "send-image": freely({ type: "image", media: { id: "600000000000001" }, caption: "New in" }),
  "send-video": freely({ type: "video", media: { link: "https://files.example.test/a.mp4" }, caption: "Watch" }),
  "send-audio": freely({ type: "audio", media: { id: "600000000000004" } }),
  "send-document": freely({
    type: "document",
    media: { id: "600000000000005" },
    filename: "terms.pdf",
    caption: "Terms",
  }),
  "send-sticker": freely({ type: "sticker", media: { id: "600000000000006" } }),
  "send-reaction": freely({ type: "reaction", messageId: WAMID, emoji: "👍" }),
  "send-interactive-button": freely({
    type: "interactive",
    interactive: {
      kind: "button",
      body: "Keep receiving offers?",
      footer: "Example Shop",
      buttons: [
        { id: "keep", title: "Yes" },
        { id: "stop", title: "Stop" },
      ],
    },
  }),
  "send-interactive-list": freely({
    type: "interactive",
    interactive: {
      kind: "list",
      header: { kind: "text", text: "Choose" },
      body: "Which topic?",
      button: "Topics",
      sections: [
        {
          title: "Offers",
          rows: [
            { id: "shoes", title: "Shoes", description: "Running and trail" },
            { id: "bags", title: "Bags" },
          ],
        },
      ],
    },
  }),
  "send-interactive-cta-url": freely({
    type: "interactive",
    interactive: { kind: "cta_url", body: "See the sale", label: "Open", url: "https://go.example.test/c7f3a1" },
  }),
  "send-interactive-flow": freely({
    type: "interactive",
    interactive: {
      kind: "flow",
      body: "Tell us what you like",
      flow: { id: "500000000000001" },
      label: "Start",
      token: "ft-7f2c",
      action: "navigate",
      payload: { screen: "WELCOME" },
    },
  }),
  "send-interactive-contact": freely(
    { type: "interactive", interactive: { kind: "contact_request", body: "May we have your number?" } },
    USER_ID,
  ),
  "mark-read": readRequest(WAMID),
  "typing-indicator": readRequest(WAMID, { isTyping: true }),
};

/** The text of a body with its keys in alphabetical order: two equal texts are the same bytes but for order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

test.each(requestNames)("%s is what the client sends for that message, byte for byte but for key order", (name) => {
  const request = built[name.replace("-request.json", "")];
  expect(canonical(request)).toBe(canonical(JSON.parse(textOf(name))));
});
