import { expect, test } from "vitest";
import { landingPath, localPath, signInPath } from "./return-path";

test("one comes back to a page of this console, with its query", () => {
  expect(localPath("/campaigns")).toBe("/campaigns");
  expect(localPath("/campaigns?status=sending&page=2")).toBe("/campaigns?status=sending&page=2");
  expect(signInPath("/roi?period=30d")).toBe("/sign-in?from=%2Froi%3Fperiod%3D30d");
});

test("nobody is sent to another site, nor back to the way in", () => {
  for (const text of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/..//evil.example",
    "/\t/evil.example",
    "/%0d%0aSet-Cookie:x\r\n",
    "javascript:alert(1)",
    "campaigns",
    "",
    "/sign-in?from=/x",
    "/accept/abc",
    "/api/v1/campaigns",
    `/${"a".repeat(600)}`,
    null,
    undefined,
  ]) {
    expect(localPath(text), String(text)).toBeUndefined();
    expect(signInPath(text)).toBe("/sign-in");
  }
});

test("people start where their role works", () => {
  expect(landingPath(["owner"])).toBe("/");
  expect(landingPath(["admin", "marketer"])).toBe("/");
  expect(landingPath(["marketer"])).toBe("/campaigns");
  expect(landingPath(["approver", "compliance"])).toBe("/campaigns");
  expect(landingPath(["compliance", "executive"])).toBe("/compliance");
  expect(landingPath(["executive"])).toBe("/roi");
});
