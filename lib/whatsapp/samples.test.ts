import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { TemplateDraft } from "./client-templates";
import { type FreeFormContent, freeFormRequest } from "./free-form";
import { readRequest, templateRequest } from "./requests";
import { checkTemplateDraft } from "./template-rules";
import type { TemplateValues } from "./template-values";
import { answering, clientOf, closeServers } from "./testing/local-server";

afterEach(closeServers);

/** Requests of Meta's documentation, made from what the product knows; samples/README.md says what each one is. */
const samples = new URL("samples/", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, samples), "utf8");
const requestNames = readdirSync(samples).filter((name) => name.endsWith("-request.json"));
const messageNames = requestNames.filter((name) => !name.startsWith("template-"));
const templateNames = requestNames.filter((name) => name.startsWith("template-"));

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

test.each(messageNames)("%s is what the client sends for that message, byte for byte but for key order", (name) => {
  const request = built[name.replace("-request.json", "")];
  expect(canonical(request)).toBe(canonical(JSON.parse(textOf(name))));
});

const bodyText = (text: string, ...examples: string[]) => ({ type: "BODY", text, example: { body_text: [examples] } });
const link = (...example: string[]) => ({ type: "URL", text: "Shop", url: "https://go.example.test/{{1}}", example });
const picture = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::fictional-handle"] } };
const coupon = { type: "COPY_CODE", example: "SAVE20" };
const pick = {
  components: [picture, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "More like this" }, link("abc")] }],
};
const draft = (name: string, components: unknown[], more: Partial<TemplateDraft> = {}): TemplateDraft => ({
  name,
  language: "en_US",
  category: "MARKETING",
  components,
  ...more,
});

const drafts: Record<string, TemplateDraft> = {
  "template-create-positional": draft(
    "spring_sale_a",
    [
      { type: "HEADER", format: "TEXT", text: "{{1}} is here!", example: { header_text: ["Spring sale"] } },
      bodyText("Hi {{1}}, get {{2}} off everything today.", "Ana", "20%"),
      { type: "FOOTER", text: "Example Shop" },
      {
        type: "BUTTONS",
        buttons: [{ type: "QUICK_REPLY", text: "Stop promotions" }, link("https://go.example.test/abc")],
      },
    ],
    { parameter_format: "POSITIONAL" },
  ),
  "template-create-named": draft(
    "spring_sale_b",
    [
      {
        type: "BODY",
        text: "Hi {{first_name}}, {{discount}} off ends soon.",
        example: {
          body_text_named_params: [
            { param_name: "first_name", example: "Ana" },
            { param_name: "discount", example: "20%" },
          ],
        },
      },
    ],
    { parameter_format: "NAMED" },
  ),
  "template-create-image-header": draft("coupon_a", [
    picture,
    bodyText("A gift for you, {{1}}!", "Ana"),
    { type: "BUTTONS", buttons: [coupon] },
  ]),
  "template-create-limited-time-offer": draft("lto_a", [
    { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Expiring offer!", has_expiration: true } },
    bodyText("Hi {{1}}, use {{2}} now for 20% off.", "Ana", "SAVE20"),
    { type: "BUTTONS", buttons: [coupon, link("https://go.example.test/abc")] },
  ]),
  "template-create-carousel": draft("carousel_a", [
    bodyText("Hi {{1}}, {{2}} off these picks.", "Ana", "20%"),
    { type: "CAROUSEL", cards: [pick, pick] },
  ]),
};
const edit = { components: [bodyText("Hi {{1}}, {{2}} off until Sunday.", "Ana", "20%")] };

test.each(templateNames)("%s is what the client sends for that template, and our rules let it pass", async (name) => {
  const server = await answering(200, { success: true, id: "1", status: "PENDING", category: "MARKETING" });
  const api = clientOf(server.url);
  const made = drafts[name.replace("-request.json", "")];
  const result = made ? await api.createTemplate("9", made) : await api.editTemplate("7", edit);
  expect(result.kind).toBe("ok");
  const [request] = server.requests;
  expect(request?.url).toBe(made ? "/v25.0/9/message_templates" : "/v25.0/7");
  expect(canonical(JSON.parse(String(request?.body)))).toBe(canonical(JSON.parse(textOf(name))));
  expect(checkTemplateDraft(made ?? draft("lto_a", edit.components))).toEqual([]);
});
