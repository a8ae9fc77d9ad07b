import { expect, test } from "vitest";
import { canSend, stateOf } from "./number-state";

const healthy = {
  stops: [],
  health: "ok",
  status: "CONNECTED",
  waitSeconds: 0,
  rateShare: 1,
  lastWebhookAt: new Date("2026-11-27T10:00:00Z"),
  webhookRefusedAt: null,
} as const;
const stop = {
  id: "s",
  level: "number",
  cause: "token",
  reason: "meta_190",
  engagedBy: null,
  engagedAt: new Date(0),
  release: null,
} as const;

test("a healthy number can send; without any webhook that is said, because nothing would be counted", () => {
  expect(stateOf({ ...healthy, stops: [] })).toBe("ok");
  expect(stateOf({ ...healthy, stops: [], lastWebhookAt: null })).toBe("silent");
});

test("a stop outranks everything, a refused token everything but a stop", () => {
  expect(stateOf({ ...healthy, stops: [stop], health: "token" })).toBe("stopped");
  expect(stateOf({ ...healthy, stops: [], health: "token", waitSeconds: 60 })).toBe("token");
});

test("a webhook under another secret is a wrong secret only while nothing right came after it", () => {
  const later = new Date("2026-11-27T11:00:00Z");
  expect(stateOf({ ...healthy, stops: [], webhookRefusedAt: later })).toBe("badSecret");
  expect(stateOf({ ...healthy, stops: [], webhookRefusedAt: new Date("2026-11-27T09:00:00Z") })).toBe("ok");
});

test("what mends itself does not count as unable to send", () => {
  expect(canSend(stateOf({ ...healthy, stops: [], waitSeconds: 30 }))).toBe(true);
  expect(canSend(stateOf({ ...healthy, stops: [], health: "unreachable" }))).toBe(true);
  expect(canSend(stateOf({ ...healthy, stops: [], status: "PENDING" }))).toBe(false);
});
