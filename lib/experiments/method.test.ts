import { describe, expect, it } from "vitest";
import { lookShares, nextLook } from "./method";

const from = new Date("2026-12-01T00:00:00.000Z");
const until = new Date("2026-12-08T00:00:00.000Z");
const at = (day: number) => new Date(from.getTime() + day * 86_400_000);
const looks = { method: "looks", windowHours: 168, lookShares: [0.25, 0.5, 0.75, 1] } as const;
const none = { from, until, taken: [] };

describe("when one looks", () => {
  it("once, at planned shares, or every day and four times at least; the last is the end of the window", () => {
    expect(lookShares({ method: "fixed", windowHours: 168 })).toEqual([1]);
    expect(lookShares(looks)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(lookShares({ method: "always-valid", windowHours: 72 + 12 })).toHaveLength(4);
    expect(lookShares({ method: "always-valid", windowHours: 8 })).toEqual([0.25, 0.5, 0.75, 1]);
    expect(lookShares({ method: "always-valid", windowHours: 90 * 24 })).toHaveLength(90);
    for (const windowHours of [1, 7, 25, 100, 2_159])
      expect(lookShares({ method: "always-valid", windowHours }).at(-1)).toBe(1);
  });

  it("the next look waits for its time", () => {
    expect(nextLook(looks, { ...none, now: at(0) })).toEqual({ n: 1, count: 4, share: 0.25, plannedAt: at(1.75) });
    const taken = [{ n: 1, isStop: false }];
    expect(nextLook(looks, { ...none, taken, now: at(2) })).toMatchObject({ n: 2, plannedAt: at(3.5) });
  });

  it("looks that nobody took in time are left out", () => {
    expect(nextLook(looks, { ...none, now: at(5.3) })?.n).toBe(3);
    expect(nextLook(looks, { ...none, now: at(30) })?.n).toBe(4);
  });

  it("after a boundary was reached only the end of the window is left, and nothing after the last", () => {
    const stopped = [{ n: 2, isStop: true }];
    expect(nextLook(looks, { ...none, taken: stopped, now: at(5.3) })).toMatchObject({ n: 4, plannedAt: until });
    expect(nextLook(looks, { ...none, taken: [...stopped, { n: 4, isStop: false }], now: at(30) })).toBeUndefined();
  });
});
