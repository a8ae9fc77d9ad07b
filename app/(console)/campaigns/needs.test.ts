import { expect, test } from "vitest";
import type { Role } from "@/lib/identity/actor";
import { needOf } from "./needs";

const person = (...roles: Role[]) => ({ kind: "user" as const, userId: "u", roles, sessionId: null });

test("what stands still waits for whoever may take its next step", () => {
  const review = { group: "attention", status: "in_review" } as const;
  const approved = { group: "attention", status: "approved" } as const;
  expect(needOf(review, person("approver"))).toBe("mine");
  expect(needOf(review, person("marketer"))).toBe("others");
  expect(needOf(approved, person("marketer"))).toBe("mine");
  expect(needOf(approved, person("executive"))).toBe("others");
  expect(needOf({ group: "running", status: "sending" }, person("marketer"))).toBe("running");
});
