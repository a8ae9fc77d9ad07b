import { expect, test } from "vitest";
import { countedFailures, delayMs, FREE_FAILURES, waitMs } from "./sign-in-delay";

const at = new Date("2026-12-01T10:00:00Z");
const before = (seconds: number) => new Date(at.getTime() - seconds * 1000);

test("five failures are free, then each doubles the wait, up to a quarter of an hour", () => {
  expect([0, 4, 5, 6, 7, 10, 11, 500].map((count) => delayMs(count, FREE_FAILURES.account) / 1000)).toEqual([
    0, 0, 15, 30, 60, 480, 900, 900,
  ]);
});

test("the wait is counted from the last failure and is then over", () => {
  expect(waitMs({ count: 5, lastAt: before(5) }, 5, at)).toBe(10_000);
  expect(waitMs({ count: 5, lastAt: before(15) }, 5, at)).toBe(0);
  expect(waitMs(undefined, 5, at)).toBe(0);
});

test("failures are forgotten a quarter of an hour after the last", () => {
  expect(countedFailures({ count: 30, lastAt: before(899) }, at)).toBe(30);
  expect(countedFailures({ count: 30, lastAt: before(900) }, at)).toBe(0);
});
