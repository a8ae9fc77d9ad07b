import { describe, expect, test } from "vitest";
import { pollAfter } from "./polling";

describe("how often /live asks", () => {
  test("every two seconds while something is going out, seldom while it is measured or stands still", () => {
    expect(pollAfter("sending", 0, 0)).toBe(2_000);
    expect(pollAfter("scheduled", 0, 0)).toBe(2_000);
    expect(pollAfter("measuring", 0, 0)).toBe(15_000);
    expect(pollAfter("paused", 0, 0)).toBe(15_000);
  });

  test("not at all once nothing can change", () => {
    expect([pollAfter("concluded", 0, 0), pollAfter("stopped", 0, 0), pollAfter("archived", 3, 1)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("longer after each failure, never longer than a minute and its jitter", () => {
    expect(pollAfter("sending", 2, 0)).toBe(8_000);
    expect(pollAfter("sending", 20, 1)).toBe(72_000);
  });
});
