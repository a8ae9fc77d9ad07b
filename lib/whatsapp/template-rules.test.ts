import { expect, test } from "vitest";
import { checkTemplateDraft } from "./template-rules";

const draft = {
  name: "rebajas_a",
  category: "MARKETING",
  components: [
    { type: "HEADER", format: "TEXT", text: "Rebajas para {{1}}", example: { header_text: ["Ana"] } },
    { type: "BODY", text: "Hola {{1}}, tienes {{2}} en toda la tienda.", example: { body_text: [["Ana", "20 %"]] } },
    { type: "FOOTER", text: "Tienda Ejemplo" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "URL", text: "Ver", url: "https://e.example.test/{{1}}", example: ["https://e.example.test/a"] },
        { type: "QUICK_REPLY", text: "No quiero más" },
      ],
    },
  ],
};

/** The draft with one component replaced. */
function withPart(part: { type: string } & Record<string, unknown>) {
  return { ...draft, components: [...draft.components.filter(({ type }) => type !== part.type), part] };
}
const codes = (one: Parameters<typeof checkTemplateDraft>[0]) => checkTemplateDraft(one).map(({ code }) => code);
const body = (text: string, examples: string[] = []) =>
  withPart({ type: "BODY", text, example: { body_text: [examples] } });
const buttons = (...list: unknown[]) => withPart({ type: "BUTTONS", buttons: list });
const quick = (text: string) => ({ type: "QUICK_REPLY", text });
const link = { type: "URL", text: "Ver", url: "https://e.example.test/" };

test("a correct template has no problem, positional or named", () => {
  expect(codes(draft)).toEqual([]);
  const named = {
    name: "n",
    category: "marketing",
    parameter_format: "NAMED",
    components: [
      {
        type: "BODY",
        text: "Hola {{first_name}}, hasta pronto.",
        example: { body_text_named_params: [{ param_name: "first_name", example: "Ana" }] },
      },
    ],
  };
  expect(codes(named)).toEqual([]);
});

test.each([
  ["capitals in the name", { ...draft, name: "Rebajas" }, "name_format"],
  ["an unknown category", { ...draft, category: "NEWS" }, "category_unknown"],
  ["no body", { ...draft, components: [{ type: "FOOTER", text: "x" }] }, "body_missing"],
  ["two bodies", { ...draft, components: [...draft.components, { type: "BODY", text: "otra vez" }] }, "part_repeated"],
  ["a body over 1024 characters", body("a".repeat(1025)), "too_long"],
  ["a variable at the start", body("{{1}} tiene una oferta hoy", ["Ana"]), "variable_at_edge"],
  ["a variable at the end", body("Una oferta para ti, {{1}}", ["Ana"]), "variable_at_edge"],
  ["adjacent variables", body("Hola querida amiga {{1}} {{2}} ven a la tienda hoy", ["a", "b"]), "variables_adjacent"],
  ["a gap in the numbers", body("Hola {{1}} y también {{3}} ven a la tienda", ["a", "b"]), "variables_not_sequential"],
  ["a brace that is missing", body("Hola {{1}, ven a la tienda hoy"), "variable_format"],
  ["an address that is no text", buttons({ ...link, url: 5 }), "url_invalid"],
  ["a number that is no text", buttons({ type: "PHONE_NUMBER", text: "Llamar", phone_number: 5 }), "phone_invalid"],
  ["a code that is no text", buttons({ type: "COPY_CODE", example: [5] }), "example_missing"],
  ["no example", body("Hola {{1}}, ven a la tienda"), "example_missing"],
  ["hardly any text", body("a {{1}} b {{2}} c", ["a", "b"]), "variables_too_dense"],
  ["a variable in the footer", withPart({ type: "FOOTER", text: "de {{1}} hoy" }), "variable_not_allowed"],
  ["a header over 60 characters", withPart({ type: "HEADER", format: "TEXT", text: "a".repeat(61) }), "too_long"],
  ["quick replies apart", buttons(quick("a"), link, quick("b")), "quick_replies_not_together"],
  ["three links", buttons(link, link, link), "too_many_buttons"],
  ["eleven buttons", buttons(...Array.from({ length: 11 }, (_, index) => quick(`b${index}`))), "too_many_buttons"],
  ["a long label", buttons(quick("a".repeat(26))), "too_long"],
  [
    "a link variable in the middle",
    buttons({ ...link, url: "https://e.test/{{1}}/x", example: ["a"] }),
    "url_variable_not_at_end",
  ],
  ["a link that is none", buttons({ ...link, url: "tienda" }), "url_invalid"],
])("Meta's refusal is foreseen: %s", (_what, wrong, code) => {
  expect(codes(wrong)).toContain(code);
});

const handle = { example: { header_handle: ["4::a"] } };
const header = (format: string, more: object = handle) => withPart({ type: "HEADER", format, ...more });
const withParts = (...parts: ({ type: string } & Record<string, unknown>)[]) => ({ ...draft, components: parts });
const plain = { type: "BODY", text: "Hola, ven a la tienda." };
const offer = (text = "Solo hoy") => ({
  type: "LIMITED_TIME_OFFER",
  limited_time_offer: { text, has_expiration: true },
});
const picture = { type: "HEADER", format: "IMAGE", ...handle };
const card = (...components: object[]) => ({ components: [picture, ...components] });
const carousel = (...cards: object[]) => withParts(plain, { type: "CAROUSEL", ...{ cards } });
const cardButtons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });

test.each<[string, ...Parameters<typeof checkTemplateDraft>[0][]]>([
  [
    "pictures, films, documents, moving pictures and places as headers",
    ...["IMAGE", "VIDEO", "DOCUMENT", "GIF"].map((one) => header(one)),
    header("LOCATION", {}),
  ],
  ["an offer with its picture", withParts(picture, offer(), plain)],
  ["two cards alike", carousel(card(cardButtons(quick("Más"))), card(cardButtons(quick("Otra"))))],
  [
    "buttons of every type",
    buttons({ type: "COPY_CODE", example: "A".repeat(20) }, { type: "FLOW", text: "Encuesta", flow_id: "5" }),
    buttons({ type: "CATALOG", text: "Ver" }, { type: "VOICE_CALL", text: "Llamar" }, { type: "REQUEST_CONTACT_INFO" }),
    buttons({ type: "PHONE_NUMBER", text: "Llamar", phone_number: "+34 910 000 000" }),
  ],
  [
    "an authentication template, whose texts are Meta's",
    {
      name: "code",
      category: "AUTHENTICATION",
      components: [
        { type: "BODY", add_security_recommendation: true },
        { type: "FOOTER", code_expiration_minutes: 5 },
        cardButtons({ type: "OTP", otp_type: "COPY_CODE" }),
      ],
    },
  ],
  [
    "times to live within their bounds",
    { ...draft, message_send_ttl_seconds: 43_200 },
    { ...draft, category: "UTILITY", message_send_ttl_seconds: -1 },
  ],
  ["a known language", { ...draft, language: "es_MX" }],
])("Meta takes %s", (_what, ...drafts) => {
  for (const one of drafts) expect(checkTemplateDraft(one)).toEqual([]);
});

test.each<[string, Parameters<typeof checkTemplateDraft>[0], string]>([
  ["an unknown language", { ...draft, language: "tlh" }, "language_unknown"],
  ["marketing that gives up too soon", { ...draft, message_send_ttl_seconds: 3_600 }, "ttl_out_of_range"],
  ["marketing without an end", { ...draft, message_send_ttl_seconds: -1 }, "ttl_out_of_range"],
  ["a picture without an example", header("IMAGE", {}), "example_missing"],
  ["a moving picture in a utility template", { ...header("GIF"), category: "UTILITY" }, "category_not_allowed"],
  ["an unknown header", header("HOLOGRAM"), "components_malformed"],
  ["marks in a header", header("TEXT", { text: "*Rebajas* de hoy" }), "markdown_not_allowed"],
  [
    "two variables in a header",
    header("TEXT", { text: "{{1}} y {{2}}", example: { header_text: ["a", "b"] } }),
    "too_many_variables",
  ],
  ["an empty example", body("Hola {{1}}, ven a la tienda", [" "]), "example_missing"],
  [
    "a named variable twice",
    {
      ...withPart({
        type: "BODY",
        text: "Hola {{name}}, ven a la tienda, {{name}}, hoy mismo",
        ...{ example: { body_text_named_params: [{ param_name: "name", example: "Ana" }] } },
      }),
      parameter_format: "NAMED",
    },
    "variable_repeated",
  ],
  ["an unknown component", withParts(plain, { type: "SPARKLES" }), "components_malformed"],
  ["an unknown button", buttons({ type: "TELEPORT", text: "Ir" }), "button_unknown"],
  ["a link without its address", buttons({ type: "URL", text: "Ver" }), "url_invalid"],
  ["a long address", buttons({ ...link, url: `https://e.test/${"a".repeat(2_000)}` }), "too_long"],
  ["a number of letters", buttons({ type: "PHONE_NUMBER", text: "Llamar", phone_number: "tienda" }), "phone_invalid"],
  [
    "a long number",
    buttons({ type: "PHONE_NUMBER", text: "Llamar", phone_number: "+34 910 000 000 000 00" }),
    "too_long",
  ],
  [
    "two numbers",
    buttons(...[1, 2].map((one) => ({ type: "PHONE_NUMBER", text: `${one}`, phone_number: "+34" }))),
    "too_many_buttons",
  ],
  ["two codes", buttons({ type: "COPY_CODE", example: "A" }, { type: "COPY_CODE", example: "B" }), "too_many_buttons"],
  ["a code without an example", buttons({ type: "COPY_CODE" }), "example_missing"],
  ["a long code", buttons({ type: "COPY_CODE", example: "A".repeat(21) }), "too_long"],
  ["a form that is none", buttons({ type: "FLOW", text: "Encuesta" }), "flow_missing"],
  ["a reply without a label", buttons({ type: "QUICK_REPLY" }), "empty"],
  ["a footer under an offer", withParts(offer(), plain, { type: "FOOTER", ...{ text: "x" } }), "part_not_allowed"],
  ["a long offer", withParts(offer("a".repeat(17)), plain), "too_long"],
  ["a long body under an offer", withParts(offer(), { type: "BODY", ...{ text: "a".repeat(601) } }), "too_long"],
  [
    "a document over an offer",
    withParts({ ...picture, format: "DOCUMENT" }, offer(), plain),
    "header_kind_not_allowed",
  ],
  ["an offer in a utility template", { ...withParts(offer(), plain), category: "UTILITY" }, "category_not_allowed"],
  ["one card", carousel(card()), "too_few_cards"],
  ["eleven cards", carousel(...Array.from({ length: 11 }, () => card())), "too_many_cards"],
  ["unlike cards", carousel(card(cardButtons(quick("Más"))), card(cardButtons(link))), "cards_differ"],
  ["a text on one card only", carousel(card(plain), card()), "cards_differ"],
  ["a card without a picture", carousel({ components: [plain] }, { components: [plain] }), "card_header_missing"],
  [
    "three buttons on a card",
    carousel(...[1, 2].map(() => card(cardButtons(quick("a"), quick("b"), link)))),
    "too_many_buttons",
  ],
  ["a long text on a card", carousel(...[1, 2].map(() => card({ type: "BODY", text: "a".repeat(161) }))), "too_long"],
  ["a carousel in a utility template", { ...carousel(card(), card()), category: "UTILITY" }, "category_not_allowed"],
  ["something that is no list", { ...draft, components: "none" }, "components_malformed"],
])("Meta's refusal is foreseen: %s", (_what, wrong, code) => {
  expect(codes(wrong)).toContain(code);
});

test("a name is used once in a language, and so is a text", () => {
  const first = { name: "rebajas_a", language: "es", components: draft.components };
  const check = (change: object) =>
    checkTemplateDraft({ ...draft, language: "es", ...change }, [first]).map(({ code }) => code);
  expect(check({})).toEqual(["name_taken"]);
  expect(check({ name: "rebajas_b" })).toEqual(["text_taken"]);
  expect(check({ name: "rebajas_b", language: "ca" })).toEqual([]);
  expect(check({ name: "rebajas_b", components: withPart({ type: "FOOTER", text: "Otra" }).components })).toEqual([]);
});

test("what is wrong with a card names the card", () => {
  const short = card({ type: "BODY", text: "corto" });
  const problems = checkTemplateDraft(carousel(short, card({ type: "BODY", text: "a".repeat(161) })));
  expect(problems).toEqual([{ code: "too_long", at: "cards", card: 1, limit: 160 }]);
});

test("limits are the last length that passes", () => {
  expect(codes(body("ñ".repeat(1_024)))).toEqual([]);
  expect(codes(withPart({ type: "FOOTER", text: "ñ".repeat(60) }))).toEqual([]);
  expect(codes(buttons(quick("🛍️".repeat(12))))).toEqual([]);
  expect(codes(header("TEXT", { text: "a".repeat(60) }))).toEqual([]);
});
