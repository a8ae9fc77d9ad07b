import { expect, test } from "vitest";
import { maskPhone, parsePhone } from "./phone";

test.each([
  ["+34 600 111 222", undefined],
  ["600111222", "ES"],
  ["600.111.222", "ES"],
  ["(600) 111-222", "ES"],
  ["0034 600 111 222", undefined],
  ["34600111222", "ES"],
  ["'+34600111222", undefined],
  ["tel:+34-600-111-222", undefined],
  ["whatsapp:+34600111222", undefined],
  ["p:+34600111222", undefined],
  ["+34\u00a0600\u00a0111\u00a0222", "MX"],
  ["＋３４６００１１１２２２", undefined],
])("%j with country %s is +34600111222", (text, country) => {
  expect(parsePhone(text, country)).toEqual({ e164: "+34600111222", country: "ES" });
});

test.each([
  ["", "ES"],
  ["600111222", undefined],
  ["600111222", "XX"],
  ["3.46E+10", "ES"],
  ["600111", "ES"],
  ["600111222 / 600333444", "ES"],
  ["600111222 ext. 5", "ES"],
  ["Ana 600111222", "ES"],
  ["+34 6001112223", "ES"],
  ["00000000000", "ES"],
  ["+".repeat(5000), "ES"],
])("%j with country %s is no phone number", (text, country) => {
  expect(parsePhone(text, country)).toBeUndefined();
});

test("a masked number shows the country and the last three digits", () => {
  expect(maskPhone("+34600111412")).toBe("+34 ••• ••• 412");
  expect(maskPhone("+12025550123")).toBe("+1 ••• ••• 123");
});
