import { expect, test } from "vitest";
import { waterfallBars } from "./waterfall-geometry";

test("each exclusion starts where what is left ends, so that the bars step down to the last total", () => {
  expect(
    waterfallBars([
      { kind: "total", count: 200 },
      { kind: "less", count: 50 },
      { kind: "less", count: 30 },
      { kind: "total", count: 120 },
    ]),
  ).toEqual([
    { from: 0, width: 100 },
    { from: 75, width: 25 },
    { from: 60, width: 15 },
    { from: 0, width: 60 },
  ]);
});

test("an audience of nobody draws nothing and divides by nothing", () => {
  expect(waterfallBars([{ kind: "total", count: 0 }])).toEqual([{ from: 0, width: 0 }]);
});
