import { describe, expect, test } from "vitest";
import { instantText, localText } from "./local-moment";

describe("moments on the organisation's clock", () => {
  test("ten in Madrid is nine or eight in UTC, by the season, and reads as ten again", () => {
    expect(instantText("2026-12-01T10:00", "Europe/Madrid")).toBe("2026-12-01T09:00:00.000Z");
    expect(instantText("2026-07-01T10:00", "Europe/Madrid")).toBe("2026-07-01T08:00:00.000Z");
    expect(localText("2026-07-01T08:00:00.000Z", "Europe/Madrid")).toBe("2026-07-01T10:00");
  });

  test("a field that is not filled in is no moment", () => {
    expect(instantText("", "Europe/Madrid")).toBeUndefined();
    expect(localText(null, "Europe/Madrid")).toBe("");
  });
});
