import { expect, test } from "vitest";
import { publicId } from "@/lib/foundation/ids";
import { adminLogFilter, adminLogPath } from "./admin-log-query";

const userId = "01999999-9999-7999-8999-999999999999";

test("days are whole days of the organisation's zone, the last one included", () => {
  expect(adminLogFilter({ from: "2026-12-01", to: "2026-12-01" }, "Europe/Madrid")).toEqual({
    from: new Date("2026-11-30T23:00:00Z"),
    to: new Date("2026-12-01T23:00:00Z"),
  });
});

test("what an address cannot mean is left out", () => {
  const query = { family: "'; drop", actor: userId, from: "tomorrow", cursor: "x~y" };
  expect(adminLogFilter(query, "UTC")).toEqual({});
});

test("people, kinds and places in the list are understood", () => {
  const cursor = `2026-12-01T00:00:00.000Z~${userId}`;
  const query = { family: "reading", actor: publicId("usr", userId), cursor };
  expect(adminLogFilter(query, "UTC")).toEqual({ family: "reading", actorId: userId, cursor });
});

test("the address keeps what is set and drops the rest", () => {
  expect(adminLogPath("/x", { family: "people", cursor: "c" }, { cursor: undefined })).toBe("/x?family=people");
  expect(adminLogPath("/x", {})).toBe("/x");
});
