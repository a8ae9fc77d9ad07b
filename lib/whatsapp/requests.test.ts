import { expect, test } from "vitest";
import { freeFormRequest } from "./free-form";
import { templateRequest } from "./requests";
import { templateValues } from "./template-values";

const TO = "+15550100777";

test("a user id goes to `recipient` untouched, and `to` is absent", () => {
  for (const userId of ["US.10000000000000000777", "US.ENT.aB9"]) {
    const built = templateRequest({ to: userId, template: "spring_sale_a", language: "en_US" });
    expect(built).toMatchObject({ recipient: userId });
    expect(built).not.toHaveProperty("to");
    expect(built.template).not.toHaveProperty("components");
  }
});

test("a group is addressed by `to`, whatever its id looks like", () => {
  const built = freeFormRequest({ to: "ES.group", recipientType: "group", type: "text", body: "x" });
  expect(built).toMatchObject({ to: "ES.group", recipient_type: "group" });
  expect(built).not.toHaveProperty("recipient");
});

test("a parameter never carries what Meta refuses: line breaks, tabs, long runs of spaces", () => {
  const built = templateRequest({ to: "+1555", template: "t", language: "es", body: [{ text: "a\n\tb       c" }] });
  expect(built).toMatchObject({ template: { components: [{ parameters: [{ text: "a b    c" }] }] } });
});

test("a currency and a date carry what people see and what phones may write in their own way", () => {
  const built = templateRequest({
    to: TO,
    template: "t",
    language: "es",
    body: [
      { text: "10,00 $", name: "price", format: { kind: "currency", code: "USD", amount1000: 10_000 } },
      { text: "1 de mayo", format: { kind: "date_time" } },
    ],
  });
  const currency = { fallback_value: "10,00 $", code: "USD", amount_1000: 10_000 };
  expect(built).toMatchObject({
    template: {
      components: [
        {
          type: "body",
          parameters: [
            { type: "currency", parameter_name: "price", currency },
            { type: "date_time", date_time: { fallback_value: "1 de mayo" } },
          ],
        },
      ],
    },
  });
});

test("a gif header, the identity check and the strict marketing policy have their fields", () => {
  const header = { kind: "gif" as const, media: { link: "https://files.example.test/a.mp4" } };
  const message = { to: TO, template: "t", language: "es", header, identityKeyHash: "aGFzaA==" };
  expect(templateRequest(message, { productPolicy: "STRICT", shareActivity: false })).toMatchObject({
    recipient_identity_key_hash: "aGFzaA==",
    template: { components: [{ type: "header", parameters: [{ type: "gif", gif: header.media }] }] },
    product_policy: "STRICT",
    message_activity_sharing: false,
  });
});

test("places, contact cards, voice notes and interactive headers take their usual shapes", () => {
  const location = { latitude: "41.38", longitude: "2.17", name: "Tienda" };
  const contacts = [{ name: { formatted_name: "Ana" }, phones: [{ phone: TO }] }];
  expect(freeFormRequest({ to: TO, type: "location", location })).toMatchObject({ location });
  expect(freeFormRequest({ to: TO, type: "contacts", contacts })).toMatchObject({ contacts });
  const voice = freeFormRequest({ to: TO, type: "audio", media: { id: "6" }, isVoice: true });
  expect(voice).toMatchObject({ audio: { id: "6", voice: true } });
  const document = freeFormRequest({
    to: TO,
    type: "interactive",
    interactive: {
      kind: "button",
      header: { kind: "document", media: { id: "5" }, filename: "a.pdf" },
      body: "?",
      buttons: [{ id: "y", title: "Sí" }],
    },
  });
  expect(document).toMatchObject({
    interactive: { header: { type: "document", document: { id: "5", filename: "a.pdf" } } },
  });
});

test("our id in callback data is refused rather than cut when it is too long", () => {
  const long = { to: "+1555", callbackData: "x".repeat(513) };
  expect(() => freeFormRequest({ ...long, type: "text", body: "x" })).toThrow(RangeError);
});

test("the values of a message survive being kept as JSON", () => {
  const values = {
    header: { kind: "document", media: { link: "https://files.example.test/a.pdf" }, filename: "a.pdf" },
    body: [{ text: "Ana", name: "first_name" }],
    buttons: [
      { kind: "copy_code", index: 0, code: "SAVE20" },
      { kind: "flow", index: 1, token: "t", data: { step: 1 } },
    ],
    offer: { expiresAtMs: 1_764_500_000_000 },
    cards: [{ header: { kind: "image", media: { id: "6" } }, body: [{ text: "x" }] }],
  };
  expect(templateValues.parse(JSON.parse(JSON.stringify(values)))).toEqual(values);
  expect(templateValues.parse({ header: { text: "Ana" } })).toEqual({ header: { text: "Ana" } });
});
