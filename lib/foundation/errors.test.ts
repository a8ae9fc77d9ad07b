import { expect, test } from "vitest";
import { AppError, isAppError } from "./errors";

test("a refusal carries its code and the facts of its sentence", () => {
  const error = new AppError("campaign_not_launchable", { status: "draft" });
  expect(error.message).toBe('campaign_not_launchable {"status":"draft"}');
  expect(isAppError(error)).toBe(true);
  expect(isAppError(new Error("campaign_not_launchable"))).toBe(false);
});
