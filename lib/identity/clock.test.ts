import { expect, test } from "vitest";
import { businessTime } from "./clock";

const real = Date.parse("2026-11-27T12:00:00Z");
const app = Date.parse("2026-12-01T09:00:00Z");

test("business time starts at its anchor and runs at its own speed", () => {
  const reading = { anchorReal: real, anchorApp: app, speed: 600, skew: 0 };
  expect(businessTime(reading, real).toISOString()).toBe("2026-12-01T09:00:00.000Z");
  expect(businessTime(reading, real + 6_000).toISOString()).toBe("2026-12-01T10:00:00.000Z");
});

test("without a moved clock it is the database's real time, also where this machine's clock is wrong", () => {
  const reading = { anchorReal: real, anchorApp: real, speed: 1, skew: 2_500 };
  expect(businessTime(reading, real + 1_000).toISOString()).toBe("2026-11-27T12:00:03.500Z");
});
