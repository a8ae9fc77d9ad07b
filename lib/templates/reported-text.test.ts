import { expect, test } from "vitest";
import { withReportedText } from "./reported-text";

const picture = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::x"] } };
const body = { type: "BODY", text: "Hola {{1}}, ven.", example: { body_text: [["Ana"]] } };
const footer = { type: "footer", text: "Olmo" };
const buttons = {
  type: "BUTTONS",
  buttons: [
    { type: "URL", text: "Ver", url: "https://olmo.example/{{1}}", example: ["https://olmo.example/x"] },
    { type: "QUICK_REPLY", text: "No" },
  ],
};
const asTheyAre = [
  { type: "url", text: "Ver", url: "https://olmo.example/{{1}}" },
  { type: "QUICK_REPLY", text: "No" },
];

test("a report of what is there already changes nothing, whatever its spelling", () => {
  const components = [picture, body, footer, buttons];
  const report = { body: body.text, footer: "Olmo", buttons: asTheyAre };
  expect(withReportedText(components, report)).toEqual(components);
});

test("texts are replaced, what the report leaves out is gone, and files and examples stay", () => {
  const found = withReportedText([picture, body, footer, buttons], {
    body: "Hola {{1}}, no vengas.",
    buttons: [{ type: "URL", text: "Mirar", url: "https://olmo.example/{{1}}" }],
  });
  expect(found).toEqual([
    picture,
    { ...body, text: "Hola {{1}}, no vengas." },
    { type: "BUTTONS", buttons: [{ ...buttons.buttons[0], text: "Mirar" }] },
  ]);
});

test("parts that were not there are added where Meta shows them", () => {
  expect(withReportedText([body], { title: "¡Hoy!", body: body.text, footer: "Olmo", buttons: asTheyAre })).toEqual([
    { type: "HEADER", format: "TEXT", text: "¡Hoy!" },
    body,
    { type: "FOOTER", text: "Olmo" },
    { type: "BUTTONS", buttons: asTheyAre },
  ]);
  expect(withReportedText("no list", { body: "Hola", buttons: [] })).toEqual([{ type: "BODY", text: "Hola" }]);
});
