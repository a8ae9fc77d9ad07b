import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { templateRequest, textRequest } from "./requests";

const sample = (name: string) => JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), "utf8"));

test("a template message is built as Meta documents it: positional, header, payload, link suffix, our own id", () => {
  const built = templateRequest({
    to: "+15550100777",
    template: "spring_sale_a",
    language: "en_US",
    header: { text: "Spring sale" },
    body: [{ text: "Ana" }, { text: "20%" }],
    buttons: [
      { kind: "quick_reply", index: 0, payload: "v=a;act=stop" },
      { kind: "url", index: 1, suffix: "c7f3a1" },
    ],
    callbackData: "exp:12|var:A|msg:7f2c",
  });
  expect(built).toEqual(sample("send-template-positional-request"));
});

test("named parameters carry their names", () => {
  const built = templateRequest({
    to: "+15550100777",
    template: "spring_sale_b",
    language: "en_US",
    body: [
      { name: "first_name", text: "Ana" },
      { name: "discount", text: "20%" },
    ],
  });
  expect(built).toEqual(sample("send-template-named-request"));
});

test("a user id goes to `recipient` untouched, and `to` is absent", () => {
  const built = templateRequest({ to: "US.10000000000000000777", template: "spring_sale_a", language: "en_US" });
  expect(built).toMatchObject({ recipient: "US.10000000000000000777" });
  expect(built).not.toHaveProperty("to");
  expect(built.template).not.toHaveProperty("components");
});

test("a parameter never carries what Meta refuses: line breaks, tabs, long runs of spaces", () => {
  const built = templateRequest({ to: "+1555", template: "t", language: "es", body: [{ text: "a\n\tb       c" }] });
  expect(built).toMatchObject({ template: { components: [{ parameters: [{ text: "a b    c" }] }] } });
});

test("an answer quotes the message it answers", () => {
  const built = textRequest({ to: "+15550100777", text: "Hecho", replyTo: "wamid.X" });
  expect(built).toMatchObject({ type: "text", context: { message_id: "wamid.X" }, text: { body: "Hecho" } });
});

test("our id in callback data is refused rather than cut when it is too long", () => {
  expect(() => textRequest({ to: "+1555", text: "x", callbackData: "x".repeat(513) })).toThrow(RangeError);
});
