import { expect, test } from "vitest";
import { dayOf } from "./day-of";

test("a day begins at its midnight in the zone, also far east of Greenwich; what is no day is nothing", () => {
  expect(dayOf("2026-12-01", "Europe/Madrid")?.toISOString()).toBe("2026-11-30T23:00:00.000Z");
  expect(dayOf("2026-12-01", "Pacific/Auckland")?.toISOString()).toBe("2026-11-30T11:00:00.000Z");
  for (const day of [undefined, "", "2026-13-01", "1/12/2026", "2026-12-01T10:00"])
    expect(dayOf(day, "UTC")).toBeUndefined();
});
