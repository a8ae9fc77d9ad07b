import { expect, test } from "vitest";
import { publicId } from "@/lib/foundation/ids";
import { ChangeRolesInput, InviteUserInput, mayManageRoles, rolesToGive, UserInput } from "./team";

const person = (...roles: ("owner" | "admin" | "marketer")[]) =>
  ({ kind: "user", userId: "u1", roles, sessionId: null }) as const;

test("an administrator can neither give nor touch the roles of owners and compliance officers", () => {
  expect(rolesToGive(person("admin"))).toEqual(["admin", "marketer", "approver", "executive"]);
  expect(mayManageRoles(person("admin"), ["marketer", "compliance"])).toBe(false);
  expect(rolesToGive(person("owner"))).toContain("compliance");
  expect(rolesToGive(person("marketer"))).toEqual([]);
  expect(mayManageRoles({ kind: "system", name: "worker" }, ["marketer"])).toBe(false);
});

test("forms are read strictly: addresses trimmed and lower case, at least one known role, ids as people see them", () => {
  expect(
    InviteUserInput.parse({ email: " Ana@Example.COM ", name: " Ana ", roles: ["approver", "marketer", "approver"] }),
  ).toEqual({
    email: "ana@example.com",
    name: "Ana",
    roles: ["marketer", "approver"],
  });
  expect(InviteUserInput.safeParse({ email: "ana", name: "Ana", roles: ["marketer"] }).success).toBe(false);
  expect(InviteUserInput.safeParse({ email: "a@b.co", name: "Ana", roles: [] }).success).toBe(false);
  const id = "018f4e5c-0000-7000-8000-000000000001";
  expect(UserInput.parse({ userId: publicId("usr", id) })).toEqual({ userId: id });
  expect(ChangeRolesInput.safeParse({ userId: id, roles: ["admin"] }).success).toBe(false);
});
