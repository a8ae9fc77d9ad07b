import { expect, test } from "vitest";
import { isStillThere, uploadedAt } from "./media";

test("a file at Meta is named again until it expires after 30 days, and not a moment longer", () => {
  const media = uploadedAt("600000000000001", new Date("2026-11-01T10:00:00Z"));
  expect(media.expiresAt).toEqual(new Date("2026-12-01T10:00:00Z"));
  expect(isStillThere(media, new Date("2026-12-01T09:59:59Z"))).toBe(true);
  expect(isStillThere(media, media.expiresAt)).toBe(false);
});
