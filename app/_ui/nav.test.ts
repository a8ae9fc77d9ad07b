import { expect, test } from "vitest";
import { permissionRow } from "@/lib/identity/permissions";
import { navLinks } from "./nav";

const linksOf = (role: "owner" | "compliance" | "marketer" | "executive") =>
  navLinks((permission) => permissionRow(permission)[role] !== undefined);

test("whoever may read what the team did finds it, also without the consent log", () => {
  const hrefOf = (role: Parameters<typeof linksOf>[0]) => linksOf(role).find(({ id }) => id === "compliance")?.href;
  expect(hrefOf("compliance")).toBe("/compliance");
  expect(hrefOf("owner")).toBe("/compliance/admin-log");
  expect(hrefOf("marketer")).toBeUndefined();
});

test("nobody is shown what they may not open", () => {
  expect(linksOf("executive").map(({ id }) => id)).toEqual(["home", "campaigns", "roi"]);
});
