import { expect, test } from "vitest";
import { classifyReply, ReplyRules, shippedReplyRules } from "./reply-class";

const told = (text: string, more: Partial<Parameters<typeof classifyReply>[0]> = {}) =>
  classifyReply({ classification: "other", text, payload: undefined, ...more }, shippedReplyRules);

test.each([
  ["¡Me interesa!", "positive"],
  ["Sí", "positive"],
  ["👍", "positive"],
  ["¿Lo tenéis en azul?", "question"],
  ["do you have it in blue", "question"],
  ["Me interesa, ¿cuánto cuesta?", "question"],
  ["Esto es SPAM, ¿quién os ha dado mi número?", "complaint"],
  ["Respuesta automática: estoy fuera de la oficina hasta el lunes", "automatic"],
  ["Llegaré sobre las seis", "other"],
  ["sillón", "other"], // begins with "si", and is another word
])("%s is sorted as %s by the shipped rules", (text, replyClass) => {
  expect(told(text)).toBe(replyClass);
});

test("a refusal is a refusal whatever the rules say, and a doubtful one waits as a complaint", () => {
  expect(told("BAJA gracias", { classification: "opt_out" })).toBe("opt_out");
  expect(told("Gracias, me interesa", { classification: "button", payload: "OPT_OUT:marketing" })).toBe("opt_out");
  expect(told("gracias pero paso", { classification: "review" })).toBe("complaint");
});

test("a tap means what the rules say of its payload or its label, else what its label says", () => {
  const rules = { ...shippedReplyRules, buttons: [{ payload: "SIZE_38", replyClass: "positive" as const }] };
  const tap = (text: string, payload?: string) =>
    classifyReply({ classification: "button", text, payload }, { ...rules });
  expect(tap("38", "size_38")).toBe("positive");
  expect(tap("SIZE_38")).toBe("positive");
  expect(tap("38", "SIZE_39")).toBe("other");
  expect(tap("Me interesa", "X")).toBe("positive");
  expect(tap("Sí", "CONFIRM:0197")).toBe("positive");
});

test("what WhatsApp tells and what is taken back is no answer", () => {
  expect(told("cambió de número", { classification: "system" })).toBeNull();
  expect(told("", { classification: "reaction" })).toBeNull();
  expect(told("👍", { classification: "reaction" })).toBe("positive");
});

test("the shipped rules are rules", () => {
  expect(ReplyRules.parse(shippedReplyRules)).toEqual(shippedReplyRules);
});
