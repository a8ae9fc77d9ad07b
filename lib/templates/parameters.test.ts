import { describe, expect, it } from "vitest";
import { newId } from "@/lib/foundation/ids";
import { readComponents } from "@/lib/whatsapp/components";
import { findOptOut } from "./opt-out";
import { parameterMapping, resolveParameters, templateNeeds, unmappedPlaces } from "./parameters";
import { previewMessage, renderMessage } from "./render";
import { mediaIn, resolvedValues, valuesForMeta } from "./values";

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
      kinds: { "header.1": "text", "body.2": "text", "body.1": "text" },
      linkButtons: [1],
      hasCardLinks: false,
      hasAccessCode: false,
      unsupported: [],
    });
  });

  it("names what cannot be sent at all", () => {
    const with_ = (...buttons: object[]) => [
      { type: "HEADER", format: "GIF" },
      { type: "BODY", text: "Hola" },
      { type: "ORDER_STATUS" },
      { type: "BUTTONS", buttons },
    ];
    const found = templateNeeds(with_({ type: "CATALOG", text: "Ver" }, { type: "COPY_CODE" }, { type: "NEW_KIND" }));
    expect(found?.unsupported).toEqual(["GIF", "ORDER_STATUS", "CATALOG", "NEW_KIND"]);
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

describe("parts that are more than text", () => {
  const picture = newId();
  const offer = [
    { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::x"] } },
    { type: "BODY", text: "Hola {{name}}, dura poco." },
    { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Solo hoy", has_expiration: true } },
    {
      type: "BUTTONS",
      buttons: [
        { type: "COPY_CODE", example: "ENERO20" },
        { type: "URL", text: "Ver", url: "https://go.example.test/l/{{1}}" },
        { type: "FLOW", text: "Reservar", flow_id: "1" },
      ],
    },
  ];
  const rules = {
    "header.media": { source: "media", mediaId: picture, fileName: "abrigo.png" },
    "body.name": { source: "name", fallback: "cliente" },
    "offer.ends": { source: "moment", at: "2026-12-01T22:59:00Z" },
    "button.0.code": { source: "attribute", key: "coupon", fallback: "ENERO20" },
  };
  const written = (components: unknown, given: object, attributes = {}) =>
    resolveParameters(
      { components, parameterFormat: "NAMED", mapping: parameterMapping.parse(given) },
      { name: "Ana", attributes },
      "c0de",
    );

  it("ask for a file, a code and an end, and are filled with them; a flow's answers name the person", () => {
    expect(templateNeeds(offer)?.kinds).toEqual({
      "header.media": "image",
      "body.name": "text",
      "offer.ends": "moment",
      "button.0.code": "code",
    });
    const found = written(offer, rules, { coupon: "ANA-7" });
    expect(found).toMatchObject({
      kind: "resolved",
      values: {
        header: { kind: "image", media: { mediaId: picture } },
        body: [{ text: "Ana", name: "name" }],
        offer: { expiresAtMs: Date.UTC(2026, 11, 1, 22, 59) },
        buttons: [
          { kind: "copy_code", index: 0, code: "ANA-7" },
          { kind: "url", index: 1, suffix: "c0de" },
          { kind: "flow", index: 2, token: "c0de" },
        ],
      },
    });
  });

  it("go out with the id that Meta has for the file now, and not at all while it has none", () => {
    const found = written(offer, rules);
    if (found.kind !== "resolved") throw new Error("not resolved");
    expect(mediaIn(found.values)).toEqual([picture]);
    expect(valuesForMeta(found.values, new Map([[picture, "987"]]))).toMatchObject({
      header: { kind: "image", media: { id: "987" } },
    });
    expect(valuesForMeta(found.values, new Map())).toBeUndefined();
    expect(resolvedValues.parse(JSON.parse(JSON.stringify(found.values)))).toEqual(
      JSON.parse(JSON.stringify(found.values)),
    );
  });

  it("are missing without a rule of their kind: a name is no picture", () => {
    const { "header.media": _, "offer.ends": __, ...rest } = rules;
    const wrong = { ...rest, "header.media": { source: "text", text: "abrigo.png" } };
    expect(written(offer, wrong)).toEqual({ kind: "missing", places: ["header.media", "offer.ends"] });
    expect(unmappedPlaces(offer, parameterMapping.parse(wrong))).toEqual(["header.media", "offer.ends"]);
  });

  it("a document keeps its name, a place its degrees as they were written", () => {
    const body = { type: "BODY", text: "Hola" };
    const document = written([{ type: "HEADER", format: "DOCUMENT" }, body], {
      "header.media": { source: "media", mediaId: picture, fileName: "menú.pdf" },
    });
    expect(document).toMatchObject({ values: { header: { kind: "document", filename: "menú.pdf" } } });
    const shop = { latitude: "40.4168", longitude: "-3.70380", name: "Olmo Centro", address: "Calle Mayor 1" };
    const place = written([{ type: "HEADER", format: "LOCATION" }, body], {
      "header.location": { source: "location", ...shop },
    });
    expect(place).toMatchObject({ values: { header: { kind: "location", ...shop } } });
  });

  it("every card of a carousel has values of its own, and what was sent can be shown word for word", () => {
    const card = (text: string) => ({
      components: [
        { type: "HEADER", format: "IMAGE" },
        { type: "BODY", text },
        { type: "BUTTONS", buttons: [{ type: "URL", text: "Ver", url: "https://go.example.test/l/{{1}}" }] },
      ],
    });
    const carousel = [
      { type: "BODY", text: "Mira, {{1}}: esto." },
      { type: "CAROUSEL", cards: [card("Abrigo a {{1}} euros"), card("Botas a {{1}} euros")] },
    ];
    const image = { source: "media", mediaId: picture, fileName: "a.png" };
    const found = written(carousel, {
      "body.1": { source: "name" },
      "card.0.header.media": image,
      "card.0.body.1": { source: "text", text: "40" },
      "card.1.header.media": { source: "link", url: "https://shop.example.test/b.png" },
      "card.1.body.1": { source: "text", text: "60" },
    });
    if (found.kind !== "resolved") throw new Error(JSON.stringify(found));
    expect(found.values.cards).toMatchObject([
      { body: [{ text: "40" }], buttons: [{ kind: "url", index: 0, suffix: "c0de" }] },
      { header: { kind: "image", media: { link: "https://shop.example.test/b.png" } } },
    ]);
    expect(renderMessage(carousel, found.values)).toMatchObject({
      cards: [{ media: "image", body: "Abrigo a 40 euros" }, { body: "Botas a 60 euros" }],
    });
    expect(templateNeeds(carousel)).toMatchObject({ hasCardLinks: true, hasAccessCode: false, linkButtons: [] });
  });
});

describe("a link to the reader's own preference page", () => {
  const preferring = [
    { type: "BODY", text: "Hola {{1}}. Elige qué te escribimos: https://olmo.example/preferences/{{2}}" },
    {
      type: "BUTTONS",
      buttons: [{ type: "URL", text: "Preferencias", url: "https://olmo.example/preferences/{{1}}" }],
    },
  ];

  it("is a way out, asks nobody for a value, and is no tracked link", () => {
    const [, buttons] = preferring;
    const onlyButton = readComponents([{ type: "BODY", text: "Hola" }, buttons]);
    expect(onlyButton && findOptOut(onlyButton)).toEqual({ kind: "link", index: 0 });
    const onlyText = readComponents([preferring[0]]);
    expect(onlyText && findOptOut(onlyText)).toEqual({ kind: "text", part: "body" });
    expect(templateNeeds(preferring)).toMatchObject({ places: ["body.1"], linkButtons: [] });
    const elsewhere = readComponents([
      { type: "BODY", text: "Hola" },
      { type: "BUTTONS", buttons: [{ type: "URL", text: "Ver", url: "https://olmo.example/?to=/preferences/{{1}}" }] },
    ]);
    expect(elsewhere && findOptOut(elsewhere)).toBeUndefined();
  });

  it("cannot be written without one, and is shown without anybody's", () => {
    const own = {
      components: preferring,
      parameterFormat: "POSITIONAL" as const,
      mapping: parameterMapping.parse({ "body.1": { source: "name", fallback: "cliente" } }),
    };
    const found = resolveParameters(own, { name: "Ana", attributes: {} }, "c0de");
    expect(found).toEqual({ kind: "missing", places: ["body.2", "button.0.url"] });
    expect(previewMessage(own, { name: "Ana", attributes: {} }, "…")).toMatchObject({
      body: "Hola Ana. Elige qué te escribimos: https://olmo.example/preferences/…",
      missing: [],
    });
  });
});
