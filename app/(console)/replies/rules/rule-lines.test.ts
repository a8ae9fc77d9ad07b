import { expect, test } from "vitest";
import { buttonLines, linesOf, readButtons } from "./rule-lines";

const names = [
  { value: "positive", name: "Interés" },
  { value: "other", name: "Otra" },
] as const;

test("rules of buttons are read as they are shown, in the reader's words", () => {
  const rules = [
    { payload: "Me interesa", replyClass: "positive" as const },
    { payload: "a=b", replyClass: "other" as const },
  ];
  const text = buttonLines(rules, names);
  expect(text).toBe("Me interesa = Interés\na=b = Otra");
  expect(readButtons(`\n${text}\n`, names)).toEqual({ ok: true, rules });
});

test("a line without a class is named", () => {
  expect(readButtons("Talla 38 = ventas", names)).toEqual({ ok: false, line: "Talla 38 = ventas" });
  expect(readButtons("Talla 38", names)).toEqual({ ok: false, line: "Talla 38" });
});

test("phrases are lines, without empty or repeated ones", () => {
  expect(linesOf(" sí \n\nsí\nvale")).toEqual(["sí", "vale"]);
});
