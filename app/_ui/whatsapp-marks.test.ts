import { expect, test } from "vitest";
import { parseMarks } from "./whatsapp-marks";

test("the four marks are read, also inside one another", () => {
  expect(parseMarks("Hola *24 horas* de _ventaja_ ~no~ ```x*y*```")).toEqual([
    { kind: "text", text: "Hola " },
    { kind: "bold", parts: [{ kind: "text", text: "24 horas" }] },
    { kind: "text", text: " de " },
    { kind: "italic", parts: [{ kind: "text", text: "ventaja" }] },
    { kind: "text", text: " " },
    { kind: "strike", parts: [{ kind: "text", text: "no" }] },
    { kind: "text", text: " " },
    { kind: "mono", text: "x*y*" },
  ]);
  expect(parseMarks("*a _b_*")).toEqual([
    {
      kind: "bold",
      parts: [
        { kind: "text", text: "a " },
        { kind: "italic", parts: [{ kind: "text", text: "b" }] },
      ],
    },
  ]);
});

test("signs inside words, before spaces and across lines stay as they are", () => {
  for (const text of ["2*3*4", "* no *", "*a\nb*", "snake_case_name"]) {
    expect(parseMarks(text)).toEqual([{ kind: "text", text }]);
  }
});

test("a variable without a value is told apart from text", () => {
  expect(parseMarks("*{{nombre}}, hoy*")).toEqual([
    {
      kind: "bold",
      parts: [
        { kind: "variable", text: "nombre" },
        { kind: "text", text: ", hoy" },
      ],
    },
  ]);
});
