import { expect, test } from "vitest";
import { previewTemplate } from "./components";
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

test("a preview shows what the recipient will see", () => {
  const values = { header: { "1": "Ana" }, body: { "1": "Ana", "2": "20 %" }, buttons: { 0: "abc" } };
  expect(previewTemplate(draft.components, values)).toEqual({
    header: "Rebajas para Ana",
    body: "Hola Ana, tienes 20 % en toda la tienda.",
    footer: "Tienda Ejemplo",
    buttons: [
      { type: "URL", text: "Ver", url: "https://e.example.test/abc" },
      { type: "QUICK_REPLY", text: "No quiero más" },
    ],
    missing: [],
  });
});

test("missing variables are named and stay visible; values are never read as patterns", () => {
  const shown = previewTemplate(draft.components, { body: { "1": "$& {{2}}" } });
  expect(shown.body).toBe("Hola $& {{2}}, tienes {{2}} en toda la tienda.");
  expect(shown.missing).toEqual([
    { part: "header", name: "1" },
    { part: "body", name: "2" },
    { part: "button", name: "1" },
  ]);
});

test("types in lower case are the same template", () => {
  const lower = [
    { type: "body", text: "hola" },
    { type: "buttons", buttons: [{ type: "url", ...{ text: "Ver", url: "https://e.test" } }] },
  ];
  expect(previewTemplate(lower, {})).toMatchObject({ body: "hola", buttons: [{ type: "URL", url: "https://e.test" }] });
});

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
