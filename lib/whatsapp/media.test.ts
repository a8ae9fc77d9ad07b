import { expect, test } from "vitest";
import { freshUpload } from "./media";

test("a file at Meta can be named for 30 days", () => {
  const media = freshUpload("600000000000001", new Date("2026-11-01T10:00:00Z"));
  expect(media).toEqual({ id: "600000000000001", expiresAt: new Date("2026-12-01T10:00:00Z") });
});
