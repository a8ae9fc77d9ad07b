import { describe, expect, test } from "vitest";
import { createFormats } from "./formats";
import type { Locale, Region } from "./locales";

const NBSP = "\u00a0";
const formatsOf = (region: Region, locale: Locale = region.startsWith("es") ? "es" : "en") =>
  createFormats({ locale, region, timeZone: "Europe/Madrid", currency: "EUR" });
const spain = formatsOf("es-ES");
const states = formatsOf("en-US");
const at = "2026-12-01T09:00:00Z";

describe("es-ES and en-US write the figures of the acceptance checks", () => {
  test("thousands are grouped from four digits on", () => {
    expect([spain.integer(12_450), spain.integer(1_234)]).toEqual(["12.450", "1.234"]);
    expect([states.integer(12_450), states.integer(1_234)]).toEqual(["12,450", "1,234"]);
  });

  test("money keeps its unit on the line and shows the code of a foreign currency", () => {
    expect(spain.money({ micros: 1_234_500_000, currency: "EUR" })).toBe(`1.234,50${NBSP}€`);
    expect(states.money({ micros: 1_234_500_000, currency: "EUR" })).toBe("€1,234.50");
    expect(spain.money({ micros: 1_234_500_000, currency: "USD" })).toBe(`1.234,50${NBSP}USD`);
    expect(spain.moneyWhole({ micros: 64_500_000_000, currency: "EUR" })).toBe(`64.500${NBSP}€`);
    expect(spain.moneyPrecise({ micros: 50_900, currency: "EUR" })).toBe(`0,0509${NBSP}€`);
    expect(spain.money({ micros: -2_000_000, currency: "EUR" })).toBe(`−2,00${NBSP}€`);
    expect(states.money({ micros: -2_000_000, currency: "EUR" })).toBe("−€2.00");
    expect(spain.moneyInterval(3_800_000_000, 12_100_000_000)).toBe(`[3.800;${NBSP}12.100]`);
  });

  test("percentages follow the region", () => {
    expect(spain.percent(0.051)).toBe(`5,1${NBSP}%`);
    expect(states.percent(0.051)).toBe("5.1%");
  });

  test("differences are in points, always signed, with a real minus", () => {
    expect(spain.points(0.018)).toBe(`+1,8${NBSP}pp`);
    expect(spain.points(-0.018)).toBe(`\u22121,8${NBSP}pp`);
    expect(states.points(0.018)).toBe(`+1.8${NBSP}pp`);
    expect(spain.unsignedPoints(-0.011)).toBe("1,1");
  });

  test("a week starts on Monday in Spain and on Sunday in the United States", () => {
    expect([spain.weekStartsOn, states.weekStartsOn]).toEqual([1, 7]);
  });

  test("times carry the zone's abbreviation", () => {
    expect(spain.dateTime(at)).toBe("1 dic 2026, 10:00 CET");
    expect(spain.time(at)).toBe("10:00 CET");
    expect(formatsOf("en-GB").dateTime(at)).toBe("1 Dec 2026, 10:00 CET");
    expect(states.dateTime(at)).toBe(`Dec 1, 2026, 10:00${NBSP}AM CET`);
    expect(states.dateTimeIn(at, "America/Mexico_City")).toBe(`Dec 1, 3:00${NBSP}AM CST`);
  });
});

describe("every region", () => {
  test.each([
    ["es-ES", "12.450", `5,1${NBSP}%`, `+1,8${NBSP}pp`],
    ["es-MX", "12,450", "5.1%", `+1.8${NBSP}pp`],
    ["es-CO", "12.450", `5,1${NBSP}%`, `+1,8${NBSP}pp`],
    ["es-AR", "12.450", `5,1${NBSP}%`, `+1,8${NBSP}pp`],
    ["en-US", "12,450", "5.1%", `+1.8${NBSP}pp`],
    ["en-GB", "12,450", "5.1%", `+1.8${NBSP}pp`],
  ] as const)("%s writes %s, %s, %s", (region, integer, percent, points) => {
    const formats = formatsOf(region);
    expect(formats.integer(12_450)).toBe(integer);
    expect(formats.percent(0.051).replace(NBSP, "")).toBe(percent.replace(NBSP, ""));
    expect(formats.points(0.018)).toBe(points);
  });

  test("what it writes it also reads", () => {
    expect(spain.parseNumber("1.234,5")).toBe(1234.5);
    expect(states.parseNumber("1,234.5")).toBe(1234.5);
    expect(spain.parseNumber(spain.decimal(-0.25, 2))).toBe(-0.25);
    expect(spain.parseNumber("1,2,3")).toBeUndefined();
    expect(spain.parseNumber("")).toBeUndefined();
  });
});

describe("digits follow uncertainty", () => {
  test("one decimal, two when the interval is narrower than half a point", () => {
    expect(spain.pointsWithInterval({ estimate: 0.018, lower: 0.006, upper: 0.03 })).toBe(
      `+1,8${NBSP}pp${NBSP}[0,6;${NBSP}3,0]`,
    );
    expect(spain.pointsWithInterval({ estimate: 0.0009, lower: -0.0016, upper: 0.0033 })).toBe(
      `+0,09${NBSP}pp${NBSP}[−0,16;${NBSP}0,33]`,
    );
  });

  test("a rate never comes without numerator, denominator and interval", () => {
    expect(spain.rate(412, 8_120, { lower: 0.046, upper: 0.056 })).toBe(
      `412${NBSP}/${NBSP}8.120 · 5,1${NBSP}%${NBSP}[4,6–5,6]`,
    );
  });
});

describe("time", () => {
  test("relative time is for less than a day; after it the date", () => {
    expect(spain.relativeTime("2026-12-01T08:57:00Z", at)).toBe(`hace${NBSP}3${NBSP}min`);
    expect(states.relativeTime("2026-12-01T08:57:00Z", at)).toBe(`3${NBSP}min.${NBSP}ago`);
    expect(spain.relativeTime("2026-11-29T08:57:00Z", at)).toBe("29 nov 2026");
  });

  test("a recipient's local time is told in the recipient's zone", () => {
    expect(spain.timeIn(at, "America/Bogota")).toBe("4:00");
  });

  test("durations use the largest units that matter", () => {
    expect(spain.duration(40_000)).toBe(`40${NBSP}s`);
    expect(spain.duration(7_500_000)).toBe(`2${NBSP}h${NBSP}5${NBSP}min`);
  });

  test("words are in the language of the page, order in the region's", () => {
    expect(formatsOf("en-US", "es").date(at)).toBe("1 dic 2026");
    expect(formatsOf("es-ES", "en").date(at)).toBe("1 Dec 2026");
    expect(spain.list(["A", "B", "C"])).toBe("A, B y C");
    expect(spain.country("MX")).toBe("México");
  });
});
