import { expect, test } from "vitest";
import { confirmPath, landingPath, localPath, signInPath, stepPath } from "./return-path";

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

test("after a code one goes on to a page or a download of this console, and nowhere else", () => {
  expect(confirmPath("/api/imports/imp_1/rejected")).toBe("/confirm?next=%2Fapi%2Fimports%2Fimp_1%2Frejected");
  for (const text of ["//evil.example", "https://evil.example", "/\\evil.example", null])
    expect(confirmPath(text)).toBe("/confirm?next=%2F");
  expect(stepPath("code", "/roi")).toBe("/sign-in/code?from=%2Froi");
  expect(stepPath("enrol", "//evil.example")).toBe("/sign-in/enrol");
});

test("people start where their role works", () => {
  expect(landingPath(["owner"])).toBe("/");
  expect(landingPath(["admin", "marketer"])).toBe("/");
  expect(landingPath(["marketer"])).toBe("/campaigns");
  expect(landingPath(["approver", "compliance"])).toBe("/campaigns");
  expect(landingPath(["compliance", "executive"])).toBe("/compliance");
  expect(landingPath(["executive"])).toBe("/roi");
});
