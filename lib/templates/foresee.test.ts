import { expect, test } from "vitest";
import { newId } from "@/lib/foundation/ids";
import { foreseeRefusal } from "./foresee";
import type { ParameterMapping } from "./parameters";

const components = [
  { type: "HEADER", format: "TEXT", text: "Hola {{1}}" },
  { type: "BODY", text: "Tu descuento: {{1}}. Responde BAJA para no recibir más." },
  { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: ["ENERO20"] }] },
];
const good: ParameterMapping = {
  "header.1": { source: "name", fallback: "cliente" },
  "body.1": { source: "text", text: "20 %" },
  "button.0.code": { source: "text", text: "ENERO20" },
};
const foreseen = (change: ParameterMapping) =>
  foreseeRefusal({ components, parameterFormat: "POSITIONAL", mapping: { ...good, ...change } });

test("a message that Meta takes for everybody is not objected to, nor one that is not written to its end", () => {
  expect(foreseen({})).toBeUndefined();
  expect(foreseeRefusal({ components, parameterFormat: "POSITIONAL", mapping: {} })).toBeUndefined();
});

test("a text that is too long for everybody is known before anybody is written to, with the part and the limit", () => {
  expect(foreseen({ "header.1": { source: "text", text: "a".repeat(56) } })).toEqual({
    code: "text_too_long",
    at: "header",
    params: { sent: 61, limit: 60 },
  });
  expect(foreseen({ "header.1": { source: "text", text: "a".repeat(55) } })).toBeUndefined();
  expect(foreseen({ "body.1": { source: "text", text: "a".repeat(1_000) } })).toMatchObject({ at: "body" });
  expect(foreseen({ "button.0.code": { source: "text", text: "a".repeat(21) } })).toMatchObject({
    at: "buttons",
    params: { limit: 20 },
  });
});

test("so is what stands in for people without a value; their own values are not guessed", () => {
  expect(foreseen({ "header.1": { source: "name", fallback: "a".repeat(56) } })).toMatchObject({ at: "header" });
  expect(foreseen({ "header.1": { source: "attribute", key: "city", fallback: null } })).toBeUndefined();
});

test("a file of ours counts as one that is at Meta", () => {
  const picture = [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Ven hoy" },
  ];
  const mapping = { "header.media": { source: "media" as const, mediaId: newId(), fileName: "a.png" } };
  expect(foreseeRefusal({ components: picture, parameterFormat: "POSITIONAL", mapping })).toBeUndefined();
});
