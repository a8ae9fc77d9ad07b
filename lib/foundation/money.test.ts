import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, decimalOfMicros, money, parseMicros, timesMoney } from "./money";

test("decimals become whole micros digit by digit, where a float would be off", () => {
  expect(parseMicros("0.07")).toBe(70_000); // 0.07 * 1e6 = 70000.00000000001
  expect(parseMicros("4.35")).toBe(4_350_000);
  expect(parseMicros("-0.000001")).toBe(-1);
  expect(parseMicros("-0")).toBe(0);
  expect(parseMicros("9999999999.999999")).toBeUndefined(); // past 2^53
});

test.each(["", "1,5", "1.2345678", "1e3", "0x10", ".5", "5.", "NaN", "1 000"])("%j is no amount", (text) => {
  expect(parseMicros(text)).toBeUndefined();
});

test("writing and reading an amount are inverses", () => {
  fc.assert(
    fc.property(fc.integer({ min: -9e15, max: 9e15 }), (micros) => {
      expect(parseMicros(decimalOfMicros(micros))).toBe(micros === 0 ? 0 : micros);
    }),
  );
  expect(decimalOfMicros(12_900_000)).toBe("12.9");
  expect(decimalOfMicros(-50_000)).toBe("-0.05");
});

test("fractions, unknown currencies, mixed currencies and overflow are refused", () => {
  expect(() => money(0.5, "EUR")).toThrow(RangeError);
  expect(() => money(1, "eur")).toThrow(RangeError);
  expect(() => addMoney(money(1, "EUR"), money(1, "USD"))).toThrow(RangeError);
  expect(() => timesMoney(money(9e15, "EUR"), 2)).toThrow(RangeError);
  expect(() => timesMoney(money(1, "EUR"), 0.5)).toThrow(RangeError);
  expect(timesMoney(money(61_500, "EUR"), 20_000)).toEqual({ micros: 1_230_000_000, currency: "EUR" });
});
