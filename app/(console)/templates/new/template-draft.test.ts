import { describe, expect, test } from "vitest";
import { draftProblems } from "@/lib/templates/draft-problems";
import { previewTemplate } from "@/lib/whatsapp/components";
import {
  componentsOf,
  examplePlaces,
  nextVariable,
  previewValues,
  type TemplateDraft,
  textLimits,
} from "./template-draft";

const draft: TemplateDraft = {
  numberId: "num_1",
  name: "rebajas_enero",
  language: "es_ES",
  category: "MARKETING",
  header: "Rebajas, {{1}}",
  body: "Hola {{2}}, desde el {{1}} tienes la mitad de precio en toda la tienda.",
  footer: "Responde BAJA para no recibir más",
  buttons: [{ id: "a", kind: "url", text: "Ver tienda", target: "https://olmo.example/{{1}}" }],
  examples: { "header.1": "Ana", "body.1": "7 de enero", "body.2": "Ana", "button.a": "x7" },
};
const problemsOf = (change: Partial<TemplateDraft>) => {
  const { name, language, category, ...rest } = { ...draft, ...change };
  const components = componentsOf({ name, language, category, ...rest });
  return draftProblems({ name, language, category, parameterFormat: "POSITIONAL", components }).map(({ code }) => code);
};

test("a complete draft has nothing that Meta or the law would refuse", () => {
  expect(problemsOf({})).toEqual([]);
  expect(examplePlaces(draft).map(({ place }) => place)).toEqual(["header.1", "body.2", "body.1", "button.a"]);
});

test("examples go by number, and a missing one is said", () => {
  expect(componentsOf(draft)[1]).toMatchObject({ example: { body_text: [["7 de enero", "Ana"]] } });
  expect(problemsOf({ examples: { ...draft.examples, "body.1": " " } })).toEqual(["example_missing"]);
});

test("the preview shows examples, and keeps a variable without one visible", () => {
  const shown = previewTemplate(componentsOf(draft), previewValues({ ...draft, examples: { "body.2": "Ana" } }));
  expect(shown).toMatchObject({ header: "Rebajas, {{1}}", body: expect.stringContaining("Hola Ana, desde el {{1}}") });
});

describe("the counters' limits are those of the rules", () => {
  test.each([
    ["header", (text: string) => ({ header: text, examples: {} }), textLimits.header],
    ["body", (text: string) => ({ body: text }), textLimits.body],
    ["footer", (text: string) => ({ footer: text, category: "UTILITY" as const }), textLimits.footer],
    [
      "button",
      (text: string) => ({ buttons: [{ id: "b", kind: "reply" as const, text, target: "" }] }),
      textLimits.button,
    ],
  ])("%s", (_, change, limit) => {
    expect(problemsOf(change("a".repeat(limit)))).not.toContain("too_long");
    expect(problemsOf(change("a".repeat(limit + 1)))).toContain("too_long");
  });
});

test("a new variable takes the next number", () => {
  expect(nextVariable("Hola {{1}} y {{3}}")).toBe("{{4}}");
  expect(nextVariable("Hola")).toBe("{{1}}");
});
