import { expect, test } from "vitest";
import { businessTime, sharper } from "./clock";

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

test("an answer that took long does not shift the clock; a clock that was set does, and so does a sharper answer", () => {
  const sharp = { skew: 10, error: 1, readAt: real };
  const slow = { skew: 150, error: 200, readAt: real + 2_000 };
  expect(sharper(sharp, slow)).toEqual({ skew: 10, error: 2, readAt: real + 2_000 });
  const set = { skew: 900, error: 200, readAt: real + 2_000 };
  expect(sharper(sharp, set)).toEqual(set);
  const next = { skew: 11, error: 1, readAt: real + 4_000 };
  expect(sharper(sharp, next)).toEqual(next);
});
