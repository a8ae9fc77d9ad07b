import { expect, test } from "vitest";
import { isLive } from "./sessions";

const at = new Date("2026-12-01T10:00:00Z");
const minutesAgo = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

test("a session ends after 30 idle minutes, after 12 hours, and when it is revoked", () => {
  const session = { createdAt: minutesAgo(60), lastSeenAt: minutesAgo(5), revokedAt: null };
  expect(isLive(session, at)).toBe(true);
  expect(isLive({ ...session, lastSeenAt: minutesAgo(29) }, at)).toBe(true);
  expect(isLive({ ...session, lastSeenAt: minutesAgo(30) }, at)).toBe(false);
  expect(isLive({ ...session, createdAt: minutesAgo(12 * 60 - 1) }, at)).toBe(true);
  expect(isLive({ ...session, createdAt: minutesAgo(12 * 60) }, at)).toBe(false);
  expect(isLive({ ...session, revokedAt: minutesAgo(0) }, at)).toBe(false);
});
