import { expect, test } from "vitest";
import { applyOverrides, mappingProblems } from "./apply-overrides";
import { readConsentCell } from "./consent-cell";
import { guessMapping } from "./guess-mapping";
import { readPhoneCell } from "./phone-cell";
import { isDayFirst, readInstant, readNumber } from "./value-cell";

test("numbers are read as people in a country write them", () => {
  expect(readNumber("1.010,50 €", true)).toBe(1010.5);
  expect(readNumber("1,010.50", false)).toBe(1010.5);
  expect(readNumber("12,5,0", true)).toBeUndefined();
});

test("a date is an instant of the file's zone, and no date that does not exist", () => {
  const zone = "Europe/Madrid";
  expect(readInstant("04/03/2026", true, zone)).toEqual(new Date("2026-03-03T23:00:00Z"));
  expect(readInstant("04/03/2026", false, zone)).toEqual(new Date("2026-04-02T22:00:00Z"));
  expect(readInstant("17-mar-24", true, zone)).toEqual(new Date("2024-03-16T23:00:00Z"));
  expect(readInstant("05/17/2024 07:17:09 PM", false, "UTC")).toEqual(new Date("2024-05-17T19:17:09Z"));
  expect(readInstant("2026-05-01T09:00:00+02:00", true, zone)).toEqual(new Date("2026-05-01T07:00:00Z"));
  expect(readInstant("31/02/2026", true, zone)).toBeUndefined();
  expect(readInstant("soon", true, zone)).toBeUndefined();
});

test("the order of day and month is the column's, from the one value that tells", () => {
  expect(isDayFirst(["01/02/2026", "03/13/2026"])).toBe(false);
  expect(isDayFirst(["01/02/2026", "13/03/2026"])).toBe(true);
});

test("the first usable number of a cell counts, and digits that lost their plus are international", () => {
  expect(readPhoneCell("600000035 / 600 000 075", "ES")?.e164).toBe("+34600000035");
  expect(readPhoneCell("5215555550010", "ES")?.e164).toBe("+525555550010");
  expect(readPhoneCell("3055550101", "ES", "1")?.e164).toBe("+13055550101");
  expect(readPhoneCell("34600000022", "ES", "34")?.e164).toBe("+34600000022");
  for (const cell of ["3,46E+10", "6OO OOO O38", "#####", "Pedir a Marta", "+34 600 00"]) {
    expect(readPhoneCell(cell, "ES")).toBeUndefined();
  }
});

test("a consent cell says yes, no, left, pending, or nothing", () => {
  const cells = ["VERDADERO", "x", "Sí", "NO", "baja 12/03/2026", "opted out", "no acepta", "pendiente", "", "quizá"];
  expect(cells.map(readConsentCell)).toEqual([
    ...["yes", "yes", "yes", "no", "left", "left", "no", "pending"],
    ...[undefined, undefined],
  ]);
});

const sample = {
  fileName: "a.csv",
  header: ["Tel", "Asesor", "Puntos"],
  rows: [
    ["600000001", "Ana Pérez", "10"],
    ["600000002", "Luis de la Fuente", "20"],
    ["600000003", "Eva Gómez Ruiz", "30"],
  ],
  country: "ES",
  timeZone: "Europe/Madrid",
};

test("a column of names is no attribute, not even when a person asks for it", () => {
  const guess = guessMapping(sample);
  expect(guess.columns.map(({ target }) => target)).toEqual(["phone", "ignore", "attribute"]);
  const { mapping } = applyOverrides(guess, { columns: { Asesor: "attribute:text" } });
  expect(mappingProblems(mapping, sample.rows)).toEqual([{ header: "Asesor", problem: "identifies_people" }]);
});

test("corrections that name no column or no meaning are told, and a file without numbers cannot be imported", () => {
  const guess = guessMapping(sample);
  const { problems } = applyOverrides(guess, { columns: { Nope: "phone", Puntos: "banana" } });
  expect(problems).toEqual([
    { header: "Nope", problem: "unknown_column" },
    { header: "Puntos", problem: "unknown_target" },
  ]);
  const { mapping } = applyOverrides(guess, { columns: { Tel: "ignore" } });
  expect(mappingProblems(mapping, sample.rows)).toContainEqual({ header: null, problem: "no_phone_column" });
});
