import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addLocalDays, instantOf, isTimeZone, localDate, localParts, offsetMs, startOfLocalDay } from "./time";

const MADRID = "Europe/Madrid";
const at = (text: string) => new Date(text);
const local = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
  second: 0,
});

test("an instant reads as the zone's clocks show it", () => {
  expect(localParts(at("2026-11-24T09:00:05Z"), MADRID)).toEqual({
    ...local(2026, 11, 24, 10),
    second: 5,
    weekday: 2,
  });
  expect(localParts(at("2026-06-30T22:30:00Z"), MADRID)).toMatchObject({ month: 7, day: 1, hour: 0, minute: 30 });
  expect(localDate(at("2026-12-31T23:30:00Z"), MADRID)).toBe("2027-01-01");
});

test("in autumn the hour that happens twice is the first one", () => {
  expect(instantOf(local(2026, 10, 25, 2, 30), MADRID)).toEqual(at("2026-10-25T00:30:00Z"));
  expect(localParts(at("2026-10-25T01:30:00Z"), MADRID)).toMatchObject({ hour: 2, minute: 30 });
  expect(instantOf(local(2026, 10, 25, 3), MADRID)).toEqual(at("2026-10-25T02:00:00Z"));
});

test("in spring the hour that never happens moves forward by the gap", () => {
  expect(instantOf(local(2027, 3, 28, 2, 30), MADRID)).toEqual(at("2027-03-28T01:30:00Z"));
  expect(localParts(at("2027-03-28T01:30:00Z"), MADRID)).toMatchObject({ hour: 3, minute: 30 });
  expect(instantOf(local(2027, 3, 28, 1, 59), MADRID)).toEqual(at("2027-03-28T00:59:00Z"));
});

test("a day later is the same time on the clock, 23 or 25 hours away when the clocks change", () => {
  expect(addLocalDays(at("2026-10-24T08:00:00Z"), 1, MADRID)).toEqual(at("2026-10-25T09:00:00Z"));
  expect(addLocalDays(at("2027-03-27T09:00:00Z"), 1, MADRID)).toEqual(at("2027-03-28T08:00:00Z"));
  expect(addLocalDays(at("2026-12-31T09:00:00Z"), 1, MADRID)).toEqual(at("2027-01-01T09:00:00Z"));
});

test("a day starts at its first moment, also where midnight does not exist", () => {
  expect(startOfLocalDay(at("2026-10-25T20:00:00Z"), MADRID)).toEqual(at("2026-10-24T22:00:00Z"));
  // Beirut moves its clocks at midnight: the day starts at one.
  expect(startOfLocalDay(at("2026-03-29T10:00:00Z"), "Asia/Beirut")).toEqual(at("2026-03-28T22:00:00Z"));
  expect(localParts(at("2026-03-28T22:00:00Z"), "Asia/Beirut")).toMatchObject({ day: 29, hour: 1 });
});

test("half-hour zones and half-hour changes are exact", () => {
  expect(offsetMs(at("2026-01-01T00:00:00Z"), "Asia/Kolkata")).toBe(5.5 * 3_600_000);
  expect(instantOf(local(2026, 10, 4, 2, 15), "Australia/Lord_Howe")).toEqual(at("2026-10-03T15:45:00Z"));
});

test("to local and back is the same instant, except in the hour that happens twice", () => {
  const zones = [MADRID, "America/Mexico_City", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];
  const instants = fc.date({ min: at("2020-01-01T00:00:00Z"), max: at("2035-01-01T00:00:00Z"), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
      const whole = Math.floor(instant.getTime() / 1000) * 1000;
      const back = instantOf(localParts(instant, zone), zone).getTime();
      expect([0, 1_800_000, 3_600_000]).toContain(whole - back);
      expect(localParts(new Date(back), zone)).toEqual(localParts(instant, zone));
    }),
  );
});

test("only zones that exist are zones", () => {
  expect(isTimeZone(MADRID)).toBe(true);
  expect(isTimeZone("Europe/Atlantis")).toBe(false);
  expect(() => localParts(new Date(0), "Europe/Atlantis")).toThrow(RangeError);
});
