import { describe, expect, test } from "vitest";
import { newId } from "@/lib/foundation/ids";
import { withMetaTexts } from "@/lib/whatsapp/authentication-texts";
import { previewTemplate } from "@/lib/whatsapp/components";
import { templateLimits } from "@/lib/whatsapp/template-problem";
import {
  componentsOf,
  draftOf,
  emptyDraft,
  examplePlaces,
  nextVariable,
  previewValues,
  type TemplateDraft,
  templateDraft,
  ttlSecondsOf,
} from "./draft";
import { draftProblems } from "./draft-problems";
import { resolveParameters, templateNeeds } from "./parameters";

const picture = { mediaId: newId(), fileName: "abrigo.png" };
const draft: TemplateDraft = {
  ...emptyDraft,
  name: "rebajas_enero",
  language: "es_ES",
  headerKind: "text",
  header: "Rebajas, {{1}}",
  body: "Hola {{2}}, desde el {{1}} tienes la mitad de precio en toda la tienda.",
  footer: "Responde BAJA para no recibir más",
  buttons: [{ id: "a", kind: "url", text: "Ver tienda", target: "https://olmo.example/{{1}}" }],
  examples: { "header.1": "Ana", "body.1": "7 de enero", "body.2": "Ana", "button.a": "x7" },
};
const card = (id: string): TemplateDraft["cards"][number] => ({
  id,
  media: "image",
  file: picture,
  body: "Un abrigo de {{1}} euros hoy.",
  buttons: [{ id: `${id}b`, kind: "url", text: "Ver", target: "https://olmo.example/{{1}}" }],
});
const carousel: TemplateDraft = {
  ...emptyDraft,
  name: "carrusel",
  body: "Mira lo nuevo de esta semana. Responde BAJA si no quieres más.",
  cards: [card("c1"), card("c2")],
  examples: { "card.c1.body.1": "40", "card.c2.body.1": "60", "button.c1b": "x", "button.c2b": "y" },
};
const offer: TemplateDraft = {
  ...emptyDraft,
  name: "oferta",
  parameterFormat: "NAMED",
  headerKind: "image",
  file: picture,
  body: "Hola {{nombre}}, usa tu código antes de que acabe.",
  offer: { isOn: true, text: "Solo hoy", expires: true },
  buttons: [
    { id: "q", kind: "reply", text: "No quiero más mensajes", target: "" },
    { id: "k", kind: "code", text: "", target: "ENERO20" },
    { id: "f", kind: "flow", text: "Reservar", target: "123" },
  ],
  examples: { "body.nombre": "Ana" },
};
const code: TemplateDraft = {
  ...emptyDraft,
  name: "codigo",
  category: "AUTHENTICATION",
  code: {
    kind: "ZERO_TAP",
    hasAdvice: true,
    minutes: "5",
    label: "Copiar",
    autofill: "Rellenar",
    apps: [{ id: "app", packageName: "com.example.olmo", signature: "K8a/AINcGX7" }],
    hasTerms: true,
    ttlMinutes: "2",
  },
};
const problemsOf = (written: TemplateDraft, change: Partial<TemplateDraft> = {}) => {
  const all = { ...written, ...change };
  const { name, language, category, parameterFormat } = all;
  const components = componentsOf(all);
  const ttlSeconds = ttlSecondsOf(all);
  return draftProblems({ name, language, category, parameterFormat, components, ttlSeconds }).map(({ code }) => code);
};

test.each([
  ["a text", draft],
  ["a carousel", carousel],
  ["an offer with a picture, a code and a form", offer],
])("%s that is complete has nothing that Meta or the law would refuse", (_, written) => {
  expect(problemsOf(written)).toEqual([]);
});

test("places that need an example stand in the order of the message", () => {
  expect(examplePlaces(draft).map(({ place }) => place)).toEqual(["header.1", "body.2", "body.1", "button.a"]);
  expect(examplePlaces(carousel).map(({ place, card: number }) => `${number} ${place}`)).toEqual([
    "1 card.c1.body.1",
    "1 button.c1b",
    "2 card.c2.body.1",
    "2 button.c2b",
  ]);
});

test("examples go by number or by name, and a missing one is said", () => {
  expect(componentsOf(draft)[1]).toMatchObject({ example: { body_text: [["7 de enero", "Ana"]] } });
  expect(componentsOf(offer)[2]).toMatchObject({
    example: { body_text_named_params: [{ param_name: "nombre", example: "Ana" }] },
  });
  expect(problemsOf(draft, { examples: { ...draft.examples, "body.1": " " } })).toEqual(["example_missing"]);
});

test("a file that is missing, a footer beside an offer and a time to live out of bounds are said", () => {
  expect(problemsOf(offer, { file: null })).toEqual(["example_missing"]);
  expect(problemsOf(offer, { footer: "Olmo" })).toEqual(["part_not_allowed"]);
  expect(problemsOf(draft, { ttlHours: "3" })).toEqual(["ttl_out_of_range"]);
  expect(problemsOf(draft, { ttlHours: "12,5" })).toEqual([]);
});

test("the preview shows examples, and keeps a variable without one visible", () => {
  const shown = previewTemplate(componentsOf(draft), previewValues({ ...draft, examples: { "body.2": "Ana" } }));
  expect(shown).toMatchObject({ header: "Rebajas, {{1}}", body: expect.stringContaining("Hola Ana, desde el {{1}}") });
});

describe("a template that is opened to be changed is the draft it was written as", () => {
  test.each([
    ["text", draft, {}],
    ["offer", offer, { "header.media": picture.mediaId }],
    ["carousel", carousel, { "card.0.header.media": picture.mediaId, "card.1.header.media": picture.mediaId }],
  ])("%s", (_, written, media) => {
    const components = componentsOf(written);
    const stored = { ...written, components, ttlSeconds: null, media };
    const again = draftOf(stored, { numberId: written.numberId, newKey: newId });
    expect(componentsOf(again)).toEqual(components);
    expect({ ...again, buttons: [], cards: [], examples: {}, file: null }).toEqual({
      ...written,
      buttons: [],
      cards: [],
      examples: {},
      file: null,
    });
  });
});

describe("a template with an access code", () => {
  test("leaves the texts to Meta, whatever was written for another category", () => {
    expect(problemsOf({ ...draft, ...code, headerKind: "text", header: "Olmo", body: "Ven hoy" })).toEqual([]);
    expect(componentsOf({ ...draft, category: "AUTHENTICATION", code: code.code })).toEqual([
      { type: "BODY", add_security_recommendation: true },
      { type: "FOOTER", code_expiration_minutes: 5 },
      {
        type: "BUTTONS",
        buttons: [
          {
            ...{ type: "OTP", otp_type: "ZERO_TAP", text: "Copiar", autofill_text: "Rellenar" },
            supported_apps: [{ package_name: "com.example.olmo", signature_hash: "K8a/AINcGX7" }],
            zero_tap_terms_accepted: true,
          },
        ],
      },
    ]);
    expect(ttlSecondsOf(code)).toBe(120);
    expect(examplePlaces({ ...draft, category: "AUTHENTICATION" })).toEqual([]);
  });

  test.each([
    ["an end that is none", { minutes: "pronto" }, "minutes_out_of_range"],
    ["half a minute", { minutes: "0,5" }, "minutes_out_of_range"],
    ["no app", { apps: [] }, "app_missing"],
    ["no terms", { hasTerms: false }, "terms_not_accepted"],
    ["an hour of trying", { ttlMinutes: "60" }, "ttl_out_of_range"],
    ["a time of words", { ttlMinutes: "poco" }, "ttl_out_of_range"],
  ])("says what is wrong: %s", (_, change, problem) => {
    expect(problemsOf({ ...code, code: { ...code.code, ...change } })).toEqual([problem]);
  });

  test("is shown with Meta's words and an example of a code", () => {
    const components = withMetaTexts(componentsOf(code), code.category, code.language);
    expect(previewTemplate(components, previewValues(code))).toMatchObject({
      body: "Tu código de verificación es *123456*. Por tu seguridad, no lo compartas.",
      footer: "Este código caduca en 5 minutos.",
      buttons: [{ text: "Copiar" }],
      missing: [],
    });
  });

  test("opened to be changed it is what was written, but for the terms, which are accepted each time", () => {
    const components = withMetaTexts(componentsOf(code), code.category, code.language);
    const stored = { ...code, components, ttlSeconds: 120, media: {} };
    const again = draftOf(stored, { numberId: "", newKey: () => "app" });
    expect(again.code).toEqual({ ...code.code, hasTerms: false });
    expect(again).toMatchObject({ buttons: [], category: "AUTHENTICATION", ttlHours: "" });
  });

  test("asks whoever sends it for the code alone, and puts it in the text and in the button", () => {
    const components = withMetaTexts(componentsOf(code), code.category, code.language);
    expect(templateNeeds(components)).toEqual({
      places: ["body.1"],
      kinds: { "body.1": "code" },
      linkButtons: [],
      hasCardLinks: false,
      hasAccessCode: true,
      unsupported: [],
    });
    const mapping = { "body.1": { source: "text" as const, text: "482913" } };
    const written = resolveParameters(
      { components, parameterFormat: "POSITIONAL", mapping },
      { name: "Ana", attributes: {} },
      "a-link-of-ours",
    );
    expect(written).toMatchObject({
      kind: "resolved",
      values: { body: [{ text: "482913" }], buttons: [{ kind: "url", index: 0, suffix: "482913" }] },
    });
  });
});

test("a draft that was kept before there were access codes is still one", () => {
  const { code: _, ...kept } = draft;
  expect(templateDraft.parse(kept)).toEqual(draft);
});

describe("the counters' limits are those of the rules", () => {
  test.each([
    ["header", (text: string) => ({ header: text, examples: {} }), templateLimits.header],
    ["body", (text: string) => ({ body: text }), templateLimits.body],
    ["footer", (text: string) => ({ footer: text, category: "UTILITY" as const }), templateLimits.footer],
    [
      "button",
      (text: string) => ({ buttons: [{ id: "b", kind: "reply" as const, text, target: "" }] }),
      templateLimits.buttonText,
    ],
  ])("%s", (_, change, limit) => {
    expect(problemsOf(draft, change("a".repeat(limit)))).not.toContain("too_long");
    expect(problemsOf(draft, change("a".repeat(limit + 1)))).toContain("too_long");
  });
});

test("a new variable takes the next number, or a name that is free", () => {
  expect(nextVariable("Hola {{1}} y {{3}}", "POSITIONAL")).toBe("{{4}}");
  expect(nextVariable("Hola", "POSITIONAL")).toBe("{{1}}");
  expect(nextVariable("Hola {{variable_1}}", "NAMED")).toBe("{{variable_2}}");
});
