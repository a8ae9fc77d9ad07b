import { expect, test } from "vitest";
import { whenAwake } from "./local-hours";

const DAY = { from: 8, to: 23 };
const awake = (at: string, timeZone: string, hours = DAY) =>
  new Date(whenAwake(Date.parse(at), timeZone, { hours, position: 0.5 })).toISOString();

test("what falls into somebody's day happens when it would have", () => {
  expect(awake("2026-11-24T09:00:00.000Z", "Europe/Madrid")).toBe("2026-11-24T09:00:00.000Z");
  expect(awake("2026-11-24T21:59:59.000Z", "Europe/Madrid")).toBe("2026-11-24T21:59:59.000Z");
});

test("what falls into the night waits for the next morning of the person's own zone", () => {
  expect(awake("2026-11-24T22:30:00.000Z", "Europe/Madrid")).toBe("2026-11-25T07:45:00.000Z");
  expect(awake("2026-11-24T03:00:00.000Z", "Europe/Madrid")).toBe("2026-11-24T07:45:00.000Z");
  expect(awake("2026-11-24T09:00:00.000Z", "America/Mexico_City")).toBe("2026-11-24T14:45:00.000Z");
  expect(awake("2026-11-24T12:00:00.000Z", "Asia/Kathmandu")).toBe("2026-11-24T12:00:00.000Z");
});

test("hours over midnight and around the clock are understood", () => {
  expect(awake("2026-11-24T01:00:00.000Z", "Etc/UTC", { from: 20, to: 3 })).toBe("2026-11-24T01:00:00.000Z");
  expect(awake("2026-11-24T04:00:00.000Z", "Etc/UTC", { from: 20, to: 3 })).toBe("2026-11-24T20:45:00.000Z");
  expect(awake("2026-11-24T04:00:00.000Z", "Etc/UTC", { from: 0, to: 24 })).toBe("2026-11-24T04:00:00.000Z");
});
