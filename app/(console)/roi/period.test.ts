import { expect, test } from "vitest";
import { choosePeriod } from "./period";

const now = new Date("2026-12-10T10:20:00Z");
const choose = (query: Parameters<typeof choosePeriod>[0]) => choosePeriod(query, now, "Europe/Madrid");

test("without a choice it is the current quarter of the organisation's zone, to its end", () => {
  expect(choose({})).toEqual({
    kind: "quarter",
    from: new Date("2026-09-30T22:00:00Z"), // midnight in Madrid is still summer time
    to: new Date("2026-12-31T23:00:00Z"),
    firstDay: "2026-10-01",
    lastDay: "2026-12-31",
  });
});

test("month and year are whole ones", () => {
  expect(choose({ period: "month" })).toMatchObject({ firstDay: "2026-12-01", lastDay: "2026-12-31" });
  expect(choose({ period: "year" })).toMatchObject({ firstDay: "2026-01-01", lastDay: "2026-12-31" });
});

test("a custom period includes both of its days", () => {
  expect(choose({ period: "custom", from: "2026-11-03", to: "2026-11-03" })).toMatchObject({
    from: new Date("2026-11-02T23:00:00Z"),
    to: new Date("2026-11-03T23:00:00Z"),
  });
});

test.each([
  { period: "custom", from: "2026-11-09", to: "2026-11-03" },
  { period: "custom", from: "yesterday", to: "2026-11-03" },
  { period: "custom" },
  { period: "century" },
])("what is not understood (%j) is the current quarter, never an error", (query) => {
  expect(choose(query).kind).toBe("quarter");
});
