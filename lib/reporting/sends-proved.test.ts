import { expect, test } from "vitest";
import type { Json, ProvedRow } from "@/lib/ledger/verifier";
import { checkSends } from "./sends-proved";

// What an outsider's verifier says of attempts, from proved payloads alone.

const at = (hour: number) => new Date(Date.UTC(2026, 10, 3, hour)).toISOString();
const row = (payload: Json, when = at(0)): ProvedRow => ({
  index: 0,
  at: when,
  type: "x",
  ref: "r",
  subject: null,
  payload,
});
const purpose = row({
  type: "purpose.created",
  data: { id: "news", category: "MARKETING", doubleOptIn: true, pendingHours: 168, validityDays: 730 },
});
const event = (type: string, hour: number, over: Record<string, Json> = {}) =>
  row({
    event: `${type} ${hour}`,
    contact: "ana",
    purpose: "news",
    type,
    scope: "purpose",
    class: "A",
    complete: true,
    occurredAt: at(hour),
    recordedAt: at(hour),
    ...over,
  });
const bits = (...checks: number[]) => checks.reduce((mask, check) => mask | (1 << (check - 1)), 0);
const ALL = 0b1111_1111_1111;
function attempt(
  basis: string,
  basisEvent: string,
  over: Record<string, Json> = {},
  skipped: number[] = [],
): ProvedRow {
  const notEvaluated = bits(...skipped);
  const facts = { attempt: "a1", message: "m1", campaign: null, basis, basisEvent, authorisedAt: at(9) };
  return row({ ...facts, checks: ALL & ~notEvaluated, notEvaluated, ...over });
}
const service = [2, 3, 5, 8, 9, 12];
const sentence = (proved: ProvedRow[]) => checkSends(proved).failures.map((text) => text.replace(/ at .*/, ""));

test("an answer, a question and a test are counted by what they rest on", () => {
  expect(checkSends([attempt("service", "their message", {}, service)])).toEqual({
    consented: 0,
    grounds: { service: 1, request: 0, test: 0 },
    failures: [],
    unread: 0,
  });
  const asked = event("requested", 8);
  expect(checkSends([purpose, asked, attempt("request", "requested 8", {}, [2])])).toMatchObject({
    grounds: { request: 1 },
    failures: [],
  });
  const own = row({ type: "own_number.declared", data: { own: "o1" } }, at(8));
  expect(checkSends([own, attempt("test", "o1", {}, [2, 8, 9, 12])])).toMatchObject({
    grounds: { test: 1 },
    failures: [],
  });
});

test("what it names but does not hold is unread, and what contradicts it fails", () => {
  expect(checkSends([attempt("request", "requested 8", {}, [2])])).toMatchObject({ unread: 1, failures: [] });
  expect(checkSends([attempt("test", "o1", {}, [2, 8, 9, 12])])).toMatchObject({ unread: 1, failures: [] });
  const answered = [purpose, event("requested", 7), event("denied", 8), attempt("request", "requested 7", {}, [2])];
  expect(sentence(answered)).toEqual(["attempt a1: no request waited"]);
  const late = row({ type: "own_number.declared", data: { own: "o1" } }, at(10));
  expect(sentence([late, attempt("test", "o1", {}, [2, 8, 9, 12])])).toEqual([
    "attempt a1: the number was not declared as our own yet",
  ]);
});

test("an attempt that cannot be read is not passed over", () => {
  const unread = ["attempt a1: on what it rests cannot be read"];
  expect(checkSends([attempt("goodwill", "x")]).failures).toEqual(unread);
  expect(checkSends([attempt("service", "x", { checks: "all" }, service)]).failures).toEqual(unread);
});

test("a campaign's message rests on a consent and on nothing else", () => {
  expect(sentence([attempt("service", "their message", { campaign: "c1" }, service)])).toEqual([
    "attempt a1: a message of a campaign rests on service",
  ]);
});

test("no attempt left out a check that its basis asks, and none went against one", () => {
  const left = "attempt a1: a check that its basis asks was left out";
  expect(sentence([attempt("service", "x", {}, [...service, 4])])).toEqual([left]);
  expect(sentence([attempt("test", "o1", {}, [6])])).toEqual([left]);
  expect(sentence([attempt("test", "o1", {}, [5])])).toEqual([left]);
  expect(sentence([attempt("consent", "confirmed 8", { campaign: "c1" }, [8])])).toEqual([left]);
  expect(sentence([attempt("service", "x", { checks: ALL & ~bits(...service, 1) }, service)])).toEqual([
    "attempt a1: a check did not pass",
  ]);
});

test("a consent that stood is folded from its events; after a withdrawal none does", () => {
  const events = [purpose, event("requested", 6), event("confirmed", 7)];
  const campaign = { campaign: "c1" };
  expect(checkSends([...events, attempt("consent", "confirmed 7", campaign)])).toMatchObject({
    consented: 1,
    failures: [],
  });
  const withdrawn = [...events, event("withdrawn", 8), attempt("consent", "confirmed 7", campaign)];
  expect(sentence(withdrawn)).toEqual(["attempt a1: no consent stood"]);
});
