import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import enReasons from "@/lib/i18n/messages/en/reasons.json";
import en from "@/lib/i18n/messages/en/templates.json";
import esReasons from "@/lib/i18n/messages/es/reasons.json";
import es from "@/lib/i18n/messages/es/templates.json";
import { freeFormRequest } from "./free-form";
import { graphRefusal, type MessageProblem, messageProblemCodes } from "./message-problem";
import { checkMessage, checkRequest, type SendableTemplate, type SendSurroundings } from "./message-rules";
import { templateRequest } from "./requests";
import type { TemplateValues } from "./template-values";

const samples = new URL("samples/", import.meta.url);
const sample = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8"));
const created = (name: string): SendableTemplate => ({
  status: "APPROVED",
  ...sample(`template-create-${name}-request`),
});
const approved = (...components: object[]): SendableTemplate => ({
  status: "APPROVED",
  category: "MARKETING",
  components: [...components],
});
const text = { type: "BODY", text: "Hi {{1}}, see you soon." };
const buttons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });
const header = (format: string) => ({ type: "HEADER", format });
const image = { kind: "image" as const, media: { id: "6" } };

/** The templates of the sample sends, from the sample creations where there is one. */
const templates: Record<string, SendableTemplate> = {
  spring_sale_a: created("positional"),
  spring_sale_b: created("named"),
  hello_plain: approved({ type: "BODY", text: "Hello" }),
  coupon_a: approved(
    header("IMAGE"),
    text,
    buttons({ type: "COPY_CODE", example: "SAVE20" }, { type: "URL", text: "Shop", url: "https://e.test/{{1}}" }),
  ),
  terms_update: approved(header("DOCUMENT"), text),
  promo_video: approved(header("VIDEO"), text),
  store_opening: approved(header("LOCATION"), text),
  survey_flow: approved(text, buttons({ type: "FLOW", text: "Start", flow_id: "5" })),
  lto_a: (() => {
    const template = created("limited-time-offer");
    return {
      ...template,
      components: [header("IMAGE"), ...(Array.isArray(template.components) ? template.components : [])],
    };
  })(),
  carousel_a: created("carousel"),
};

const surroundings = (change: Partial<SendSurroundings> = {}): SendSurroundings => ({
  endpoint: "messages",
  findTemplate: (name) => templates[name],
  ...change,
});

describe("what Meta documents passes", () => {
  const names = readdirSync(samples).filter((name) => /^send-.*-request\.json$/.test(name));
  test.each(names)("%s", (name) => {
    const body = sample(name.replace(".json", ""));
    const isMarketing = name.startsWith("send-marketing");
    // Its body alone is filled in: it is not the template of that name with a header and a link.
    const change: Partial<SendSurroundings> = isMarketing
      ? {
          endpoint: "marketing_messages",
          findTemplate: () => approved({ type: "BODY", text: "Hi {{1}}, get {{2}} off." }),
        }
      : {};
    expect(checkRequest(body, surroundings(change))).toBeUndefined();
  });
});

function verdict(template: SendableTemplate | undefined, values: TemplateValues = {}) {
  const problem = checkMessage(template, templateRequest({ to: "+1555", template: "t", language: "es", ...values }));
  return problem && `${graphRefusal(problem).code} ${problem.code}`;
}
const ana = { body: [{ text: "Ana" }] };
const link = { type: "URL", text: "Shop", url: "https://e.test/{{1}}" };
const cards = created("carousel");

test.each<[string, SendableTemplate | undefined, TemplateValues, string]>([
  ["an unknown template", undefined, {}, "132001 template_missing"],
  ["a template under review", { ...approved(text), status: "PENDING" }, ana, "132001 template_not_approved"],
  ["a paused template", { ...approved(text), status: "PAUSED" }, ana, "132015 template_paused"],
  ["a disabled template", { ...approved(text), status: "DISABLED" }, ana, "132016 template_disabled"],
  ["a value too few", approved(text), {}, "132000 parameter_count"],
  ["a value too many", approved(text), { body: [{ text: "a" }, { text: "b" }] }, "132000 parameter_count"],
  ["an empty value", approved(text), { body: [{ text: "" }] }, "131008 parameter_missing"],
  ["a body that grows too long", approved(text), { body: [{ text: "a".repeat(1020) }] }, "132005 text_too_long"],
  [
    "a header that grows too long",
    approved({ type: "HEADER", format: "TEXT", text: "Hi {{1}}" }, { type: "BODY", text: "Hi" }),
    { header: { text: "a".repeat(58) } },
    "132005 text_too_long",
  ],
  [
    "an offer's shorter body",
    approved({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now" } }, text),
    { body: [{ text: "a".repeat(600) }] },
    "132005 text_too_long",
  ],
  ["no picture", approved(header("IMAGE"), text), ana, "132012 parameter_kind"],
  [
    "a film for a picture",
    approved(header("IMAGE"), text),
    { ...ana, header: { ...image, kind: "video" } },
    "132012 parameter_kind",
  ],
  ["a picture for a text", approved(text), { ...ana, header: image }, "132000 parameter_count"],
  [
    "a place off the map",
    approved(header("LOCATION"), text),
    { ...ana, header: { kind: "location", latitude: "91", longitude: "0" } },
    "131008 parameter_missing",
  ],
  ["a link without its end", approved(text, buttons(link)), ana, "131008 button_value_missing"],
  [
    "a value for a fixed link",
    approved(text, buttons({ ...link, url: "https://e.test/" })),
    { ...ana, buttons: [{ kind: "url", index: 0, suffix: "a" }] },
    "132000 button_takes_none",
  ],
  [
    "a value for the wrong position",
    approved(text, buttons(link)),
    { ...ana, buttons: [{ kind: "url", index: 1, suffix: "a" }] },
    "132012 button_mismatch",
  ],
  [
    "a value of the wrong kind",
    approved(text, buttons(link)),
    { ...ana, buttons: [{ kind: "quick_reply", index: 0, payload: "a" }] },
    "132012 button_mismatch",
  ],
  ["no code to copy", approved(text, buttons({ type: "COPY_CODE" })), ana, "131008 button_value_missing"],
  [
    "a code that is too long",
    approved(text, buttons({ type: "COPY_CODE" })),
    { ...ana, buttons: [{ kind: "copy_code", index: 0, code: "A".repeat(21) }] },
    "132005 text_too_long",
  ],
  [
    "an offer without its end",
    approved(text, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now", has_expiration: true } }),
    ana,
    "131008 offer_end_missing",
  ],
  ["an end for no offer", approved(text), { ...ana, offer: { expiresAtMs: 1 } }, "132012 offer_not_in_template"],
  ["a card too few", cards, { body: [{ text: "a" }, { text: "b" }], cards: [{ header: image }] }, "132000 card_count"],
  [
    "a card without its picture",
    cards,
    { body: [{ text: "a" }, { text: "b" }], cards: [{}, {}] },
    "132012 parameter_kind",
  ],
  [
    "a name that the template lacks",
    created("named"),
    {
      body: [
        { name: "first_name", text: "a" },
        { name: "price", text: "b" },
      ],
    },
    "132012 parameter_name",
  ],
  [
    "a name given twice",
    created("named"),
    {
      body: [
        { name: "discount", text: "a" },
        { name: "discount", text: "b" },
      ],
    },
    "132012 parameter_name",
  ],
  ["names missing", created("named"), { body: [{ text: "a" }, { text: "b" }] }, "132012 parameter_name"],
])("the API's refusal is known before it is asked: %s", (_what, template, values, expected) => {
  expect(verdict(template, values)).toBe(expected);
});

test("values of every kind, buttons that need none, and a code of full length are taken", () => {
  const price = { text: "10 €", format: { kind: "currency" as const, code: "EUR", amount1000: 10_000 } };
  const date = { text: "1 de mayo", format: { kind: "date_time" as const } };
  const two = approved({ type: "BODY", text: "Only {{1}} until the {{2}}, hurry up." });
  expect(verdict(two, { body: [price, date] })).toBeUndefined();
  const quiet = approved(
    text,
    buttons({ type: "QUICK_REPLY", text: "No" }, { type: "PHONE_NUMBER", text: "Call", phone_number: "+34" }),
  );
  expect(verdict(quiet, ana)).toBeUndefined();
  const code = approved(text, buttons({ type: "COPY_CODE" }));
  expect(verdict(code, { ...ana, buttons: [{ kind: "copy_code", index: 0, code: "A".repeat(20) }] })).toBeUndefined();
});

test("values that others write by hand are refused where ours would have been cleaned", () => {
  const body = (value: object) => ({
    template: { name: "t", language: { code: "es" }, components: [{ type: "BODY", parameters: [value] }] },
  });
  const codeOf = (value: object) => checkMessage(approved(text), body(value))?.code;
  expect(codeOf({ type: "text", text: "a\nb" })).toBe("parameter_format");
  expect(codeOf({ type: "text", text: "a     b" })).toBe("parameter_format");
  expect(codeOf({ type: "text", text: "a    b" })).toBeUndefined();
  expect(codeOf({ type: "image", image: { id: "6" } })).toBe("parameter_kind");
  expect(codeOf({ text: "a" })).toBe("parameter_kind");
});

test("an index may be a number or a text, and types are read in any case", () => {
  const body = (index: unknown) => ({
    template: {
      name: "t",
      language: { code: "es", policy: "deterministic" },
      components: [
        { type: "BODY", parameters: [{ type: "text", text: "Ana" }] },
        { type: "BUTTON", sub_type: "URL", index, parameters: [{ type: "text", text: "a" }] },
      ],
    },
  });
  for (const index of [0, "0"]) expect(checkMessage(approved(text, buttons(link)), body(index))).toBeUndefined();
});

const hello = freeFormRequest({ to: "+34600000001", type: "text", body: "hola" });
const interactive = (kind: string, action: object, more: object = {}) => ({
  ...hello,
  type: "interactive",
  interactive: { type: kind, body: { text: "?" }, action, ...more },
});
const replies = (count: number, title = "Sí") => ({
  buttons: Array.from({ length: count }, (_, index) => ({ type: "reply", reply: { id: `${index}`, title } })),
});
const rows = (count: number, row: object = {}) => ({
  button: "Ver",
  sections: [{ rows: Array.from({ length: count }, (_, index) => ({ id: `${index}`, title: "Uno", ...row })) }],
});

test.each<[string, unknown, string]>([
  ["no body at all", "hola", "100 product_missing"],
  ["no product", { to: "+34600000001", type: "text" }, "100 product_missing"],
  ["nobody", { messaging_product: "whatsapp", type: "text" }, "100 to_missing"],
  ["a number that is none", { ...hello, to: "hola" }, "131009 to_invalid"],
  ["a long reference", { ...hello, biz_opaque_callback_data: "x".repeat(513) }, "131009 callback_too_long"],
  ["an unknown kind", { ...hello, type: "fax" }, "100 type_unknown"],
  ["no content", { ...hello, text: undefined }, "131008 content_missing"],
  ["an empty text", { ...hello, text: { body: "" } }, "131008 value_missing"],
  ["a long text", { ...hello, text: { body: "a".repeat(4097) } }, "131009 value_too_long"],
  ["a picture from nowhere", { ...hello, type: "image", image: {} }, "131008 value_missing"],
  ["a picture at no address", { ...hello, type: "image", image: { link: "a.png" } }, "131009 value_invalid"],
  [
    "a reaction as an answer",
    { ...hello, type: "reaction", reaction: { message_id: "wamid.X", emoji: "" }, context: { message_id: "wamid.Y" } },
    "131009 reply_not_allowed",
  ],
  [
    "a place off the map",
    { ...hello, type: "location", location: { latitude: 91, longitude: 0 } },
    "131009 value_invalid",
  ],
  [
    "a place that is no number",
    { ...hello, type: "location", location: { latitude: [], longitude: 0 } },
    "131009 value_invalid",
  ],
  ["a file by no name", { ...hello, type: "image", image: { id: {} } }, "131009 value_invalid"],
  ["an answer to nothing", { ...hello, context: { message_id: 5 } }, "131009 value_invalid"],
  ["a list of people", { ...hello, to: ["34600000001"] }, "100 request_malformed"],
  ["nobody's card", { ...hello, type: "contacts", contacts: [] }, "131008 value_missing"],
  ["four replies", interactive("button", replies(4)), "131009 too_many_values"],
  ["a long label", interactive("button", replies(1, "a".repeat(21))), "131009 value_too_long"],
  ["a long question", interactive("button", replies(1), { body: { text: "a".repeat(1025) } }), "131009 value_too_long"],
  ["a long foot", interactive("button", replies(1), { footer: { text: "a".repeat(61) } }), "131009 value_too_long"],
  ["eleven rows", interactive("list", rows(11)), "131009 too_many_values"],
  ["a long row", interactive("list", rows(1, { description: "a".repeat(73) })), "131009 value_too_long"],
  [
    "a picture over a list",
    interactive("list", rows(1), { header: { type: "image", image: { id: "6" } } }),
    "131009 value_invalid",
  ],
  [
    "a button to nowhere",
    interactive("cta_url", { parameters: { display_text: "Ver", url: "x" } }),
    "131009 value_invalid",
  ],
  [
    "no form",
    interactive("flow", { parameters: { flow_message_version: "3", flow_cta: "Ver" } }),
    "131008 value_missing",
  ],
  ["an unknown interaction", interactive("dance", {}), "131009 value_invalid"],
])("a free message is refused before it is sent: %s", (_what, body, expected) => {
  const problem = checkRequest(body, surroundings());
  expect(problem && `${graphRefusal(problem).code} ${problem.code}`).toBe(expected);
});

test("limits are the last length that passes, and kinds that we do not send are left to Meta", () => {
  expect(checkRequest({ ...hello, text: { body: "ñ".repeat(4096) } }, surroundings())).toBeUndefined();
  expect(checkRequest(interactive("button", replies(3, "a".repeat(20))), surroundings())).toBeUndefined();
  expect(checkRequest(interactive("list", rows(10)), surroundings())).toBeUndefined();
  expect(
    checkRequest({ ...hello, type: "interactive", interactive: { type: "product" } }, surroundings()),
  ).toBeUndefined();
});

test("each route takes its own messages", () => {
  const offer = sample("send-template-positional-request");
  const codeOf = (body: unknown, change: Partial<SendSurroundings>) => {
    const problem = checkRequest(body, surroundings(change));
    return problem && graphRefusal(problem).code;
  };
  expect(codeOf(hello, { endpoint: "marketing_messages" })).toBe(100);
  expect(codeOf(offer, { endpoint: "marketing_messages" })).toBeUndefined();
  expect(codeOf(offer, { isMarketingOffOnCloudApi: true })).toBe(131063);
  const utility = { ...created("positional"), category: "UTILITY" };
  expect(codeOf(offer, { endpoint: "marketing_messages", findTemplate: () => utility })).toBe(134100);
  expect(codeOf(offer, { isMarketingOffOnCloudApi: true, findTemplate: () => utility })).toBeUndefined();
  const gif = approved(header("GIF"), text);
  const moving = templateRequest({
    to: "+34600000001",
    template: "t",
    language: "es",
    header: { kind: "gif", media: { id: "6" } },
    ...ana,
  });
  expect(codeOf(moving, { findTemplate: () => gif })).toBe(132012);
  expect(codeOf(moving, { endpoint: "marketing_messages", findTemplate: () => gif })).toBeUndefined();
  const code = { ...approved(text), category: "AUTHENTICATION" };
  const toUser = templateRequest({ to: "ES.1", template: "t", language: "es", ...ana });
  expect(codeOf(toUser, { findTemplate: () => code })).toBe(131062);
});

test("a refusal reads as Meta's own does", () => {
  const answers = [
    ["error-132000-param-count", { code: "parameter_count", at: "body", params: { sent: 1, expected: 2 } }],
    ["error-132001-template-missing", { code: "template_missing", params: { name: "spring_sale_a", language: "en" } }],
    [
      "error-132012-param-format",
      { code: "parameter_kind", at: "header", params: { expected: "IMAGE", sent: "UNKNOWN" } },
    ],
    ["error-132015-template-paused", { code: "template_paused", params: {} }],
    ["error-132016-template-disabled", { code: "template_disabled", params: {} }],
    ["error-131008-missing-param", { code: "parameter_missing", at: "body", params: { expected: "text" } }],
    ["error-131062-bsuid-unsupported", { code: "user_id_unsupported", params: {} }],
    ["error-131063-marketing-disabled-on-cloud-api", { code: "marketing_elsewhere", params: {} }],
    ["error-134100-mm-marketing-only", { code: "marketing_only", params: {} }],
    ["error-100-must-be-template", { code: "template_only", params: {} }],
    ["error-100-to-required", { code: "to_missing", params: {} }],
  ] as const satisfies [string, MessageProblem][];
  for (const [name, problem] of answers) {
    const { _http_status: status, body } = sample(name);
    const { code, message, error_data } = body.error;
    expect(graphRefusal(problem), name).toEqual({ status, code, message, detail: error_data?.details ?? message });
  }
});

test("every refusal has its words in both languages, and no words are left over", () => {
  expect(Object.keys(en.messageProblems).sort()).toEqual([...messageProblemCodes].sort());
  expect(Object.keys(es.messageProblems).sort()).toEqual([...messageProblemCodes].sort());
  // What a refusal afterwards says in one sentence too is said in the same words.
  for (const [problems, reasons] of [
    [en.messageProblems, enReasons.meta],
    [es.messageProblems, esReasons.meta],
  ] as const) {
    expect(problems.parameter_format).toBe(`${reasons.spacing}.`);
    expect(problems.template_paused).toBe(`${reasons.template_paused}.`);
    expect(problems.template_disabled).toBe(`${reasons.template_disabled}.`);
  }
});
