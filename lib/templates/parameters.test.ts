import { describe, expect, it } from "vitest";
import { readComponents } from "@/lib/whatsapp/components";
import { findOptOut } from "./opt-out";
import { parameterMapping, resolveParameters, templateNeeds, unmappedPlaces } from "./parameters";
import { previewMessage, renderMessage } from "./render";

const components = [
  { type: "HEADER", format: "TEXT", text: "¡{{1}}!", example: { header_text: ["Rebajas"] } },
  { type: "BODY", text: "Tienes {{2}} por ser {{1}}, hoy.", example: { body_text: [["Ana", "20 %"]] } },
  { type: "FOOTER", text: "Responde BAJA para no recibir más" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "QUICK_REPLY", text: "No quiero más" },
      { type: "URL", text: "Ver", url: "https://go.example.test/l/{{1}}", example: ["https://go.example.test/l/x"] },
    ],
  },
];
const mapping = parameterMapping.parse({
  "header.1": { source: "text", text: "Rebajas" },
  "body.1": { source: "name", fallback: "cliente" },
  "body.2": { source: "attribute", key: "discount" },
});
const message = { components, parameterFormat: "POSITIONAL" as const, mapping };

describe("what a template needs", () => {
  it("is read from its components", () => {
    expect(templateNeeds(components)).toEqual({
      places: ["header.1", "body.2", "body.1"],
      linkButtons: [1],
      unsupported: [],
    });
  });

  it("names parts that are not sent yet", () => {
    const media = [
      { type: "HEADER", format: "IMAGE" },
      { type: "BODY", text: "Hola" },
    ];
    expect(templateNeeds(media)?.unsupported).toEqual(["HEADER"]);
    const code = [
      { type: "BODY", text: "Hola" },
      { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "X" }] },
    ];
    expect(templateNeeds(code)?.unsupported).toEqual(["COPY_CODE"]);
    expect(templateNeeds([{ type: "FOOTER", text: "x" }])).toBeUndefined();
  });

  it("shows which places have no rule", () => expect(unmappedPlaces(components, {})).toHaveLength(3));
});

describe("the values of one person's message", () => {
  it("stand in the order of their numbers, with the person's link and the opt-out answer", () => {
    const found = resolveParameters(message, { name: "Ana  María\n", attributes: { discount: 20 } }, "c0de");
    expect(found).toEqual({
      kind: "resolved",
      fallbacks: [],
      values: {
        header: { text: "Rebajas" },
        body: [{ text: "Ana María" }, { text: "20" }],
        buttons: [
          { kind: "quick_reply", index: 0, payload: "OPT_OUT" },
          { kind: "url", index: 1, suffix: "c0de" },
        ],
      },
    });
  });

  it("fall back where the person has none, and say so", () => {
    const found = resolveParameters(message, { name: " ", attributes: { discount: "20 %" } }, "c");
    expect(found).toMatchObject({
      kind: "resolved",
      fallbacks: ["body.1"],
      values: { body: [{ text: "cliente" }, {}] },
    });
  });

  it("are refused without value and fallback: nobody reads an empty gap", () => {
    expect(resolveParameters(message, { name: "Ana", attributes: {} }, "c")).toEqual({
      kind: "missing",
      places: ["body.2"],
    });
  });

  it("carry their names in templates with named parameters", () => {
    const named = {
      components: [{ type: "BODY", text: "Hola {{first_name}}, ven." }],
      parameterFormat: "NAMED" as const,
      mapping: parameterMapping.parse({ "body.first_name": { source: "name" } }),
    };
    const found = resolveParameters(named, { name: "Ana", attributes: {} }, "c");
    expect(found).toMatchObject({ values: { body: [{ name: "first_name", text: "Ana" }] } });
    if (found.kind === "resolved") expect(renderMessage(named.components, found.values).body).toBe("Hola Ana, ven.");
  });

  it("read as the person sees them", () => {
    const found = resolveParameters(message, { name: "Ana", attributes: { discount: "20 %" } }, "c0de");
    if (found.kind !== "resolved") throw new Error("resolved");
    expect(renderMessage(components, found.values)).toMatchObject({
      header: "¡Rebajas!",
      body: "Tienes 20 % por ser Ana, hoy.",
      buttons: [{ text: "No quiero más" }, { url: "https://go.example.test/l/c0de" }],
      missing: [],
    });
  });
});

describe("the preview", () => {
  it("shows what is known and leaves the rest visible", () => {
    const shown = previewMessage(message, { name: null, attributes: {} }, "muestra");
    expect(shown).toMatchObject({
      header: "¡Rebajas!",
      body: "Tienes {{2}} por ser cliente, hoy.",
      missing: [{ part: "body", name: "2" }],
    });
    expect(shown.buttons[1]?.url).toBe("https://go.example.test/l/muestra");
  });
});

describe("the way out of a marketing message", () => {
  const inFooter = (text: string) => [
    { type: "BODY", text: "Hola" },
    { type: "FOOTER", text },
  ];
  const asButton = (text: string) => [
    { type: "BODY", text: "Hola" },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text }] },
  ];
  const find = (list: unknown) => {
    const parts = readComponents(list);
    return parts && findOptOut(parts);
  };

  it.each([
    "Responde BAJA para no recibir más",
    "Responde con la palabra *BAJA* y no te escribimos",
    "Envía STOP para salir",
    "Reply STOP to opt out",
    "Para darte de baja, escríbenos",
    'Text "STOP" to unsubscribe',
    "Si no quieres recibir más mensajes, responde BAJA",
  ])("is found in: %s", (text) => expect(find(inFooter(text))).toEqual({ kind: "text", part: "footer" }));

  it.each(["Precios a la baja", "Non-stop de rebajas", "Rebajas: no dejes de mirar", "Planta baja, local 3", ""])(
    "is not found in: %s",
    (text) => expect(find(inFooter(text))).toBeUndefined(),
  );

  it.each(["Baja", "Stop promotions", "Darme de baja", "No quiero más", "No más mensajes", "STOP 🛑"])(
    "is found in the button: %s",
    (text) => expect(find(asButton(text))).toEqual({ kind: "button", index: 0 }),
  );

  it.each(["Ver rebajas", "No me lo pierdo", "Comprar", "Planta baja"])("is not found in the button: %s", (text) =>
    expect(find(asButton(text))).toBeUndefined(),
  );
});
