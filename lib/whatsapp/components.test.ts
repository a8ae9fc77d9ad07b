import { expect, test } from "vitest";
import { previewTemplate, readComponents } from "./components";

const draft = {
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

const picture = { type: "HEADER", format: "image", example: { header_handle: ["4::a"] } };

test("every kind of component is read and shown: files, places, offers, carousels, coded buttons", () => {
  const components = [
    picture,
    { type: "limited_time_offer", limited_time_offer: { text: "Solo hoy", has_expiration: true } },
    { type: "BODY", text: "Hola {{1}}, usa tu código." },
    {
      type: "BUTTONS",
      buttons: [
        { type: "COPY_CODE", example: "REBAJAS20" },
        { type: "PHONE_NUMBER", text: "Llamar", phone_number: "+34910000000" },
        { type: "FLOW", text: "Encuesta", flow_id: 5 },
        { type: "CATALOG", text: "Ver catálogo" },
      ],
    },
    {
      type: "CAROUSEL",
      cards: [
        {
          components: [
            picture,
            { type: "BODY", text: "Zapatos de {{1}}" },
            { type: "BUTTONS", buttons: [{ type: "URL", text: "Ver", url: "https://e.test/{{1}}" }] },
          ],
        },
        { components: [{ type: "HEADER", format: "VIDEO" }] },
      ],
    },
  ];
  const values = {
    body: { "1": "Ana" },
    buttons: { 0: "REBAJAS20" },
    cards: [{ body: { "1": "piel" }, buttons: { 0: "abc" } }],
  };
  expect(previewTemplate(components, values)).toEqual({
    media: "image",
    body: "Hola Ana, usa tu código.",
    offer: { text: "Solo hoy", expires: true },
    buttons: [
      { type: "COPY_CODE", text: "", code: "REBAJAS20" },
      { type: "PHONE_NUMBER", text: "Llamar", phone: "+34910000000" },
      { type: "FLOW", text: "Encuesta" },
      { type: "CATALOG", text: "Ver catálogo" },
    ],
    cards: [
      { media: "image", body: "Zapatos de piel", buttons: [{ type: "URL", text: "Ver", url: "https://e.test/abc" }] },
      { media: "video", body: "", buttons: [] },
    ],
    missing: [],
  });
  expect(previewTemplate([{ type: "HEADER", format: "LOCATION" }], {})).toMatchObject({ media: "location" });
});

test("what a card lacks is named with the card's place", () => {
  const cards = [{ components: [] }, { components: [{ type: "BODY", text: "Desde {{1}}" }] }];
  expect(previewTemplate([{ type: "CAROUSEL", cards }], {}).missing).toEqual([{ part: "body", name: "1", card: 1 }]);
});

test("unknown components and known ones without their parts are kept, and break nothing", () => {
  const parts = readComponents([
    { type: "SPARKLES", shine: 3 },
    { type: "HEADER", format: "HOLOGRAM" },
    { type: "CAROUSEL", cards: [{ components: "none" }] },
    { type: "BODY", text: "hola" },
    { type: "BUTTONS", buttons: [{ type: "TELEPORT", text: "Ir", to: "Mars" }] },
  ]);
  expect(parts?.others.map(({ type }) => type)).toEqual(["SPARKLES", "HEADER", "CAROUSEL"]);
  expect(parts).toMatchObject({ body: { text: "hola" }, buttons: [{ type: "TELEPORT", text: "Ir" }] });
  expect(readComponents([{ text: "no type" }])).toBeUndefined();
  expect(readComponents("none")).toBeUndefined();
});
