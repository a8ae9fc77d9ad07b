import { expect, test } from "vitest";
import { classifyError, effectOf, isKnownCode } from "./error-codes";

/**
 * Every code of Meta's "Error codes" that concerns us, as of November 2026, with its HTTP status and what the reference
 * says of it: N never again, B back off, L later, F mend first; P: the outcome is in doubt, because it comes with 5xx.
 */
const table = `
0 401 F, 1 400 B, 2 503 P, 3 500 F, 4 400 B, 10 403 F, 33 400 F, 100 400 N, 190 401 F, 200 403 F, 299 403 F, 368 403 F,
80007 400 B, 130429 400 B, 130472 400 N, 130497 403 N, 131000 500 P, 131005 403 F, 131008 400 N, 131009 400 N,
131016 500 P, 131021 400 N, 131026 400 N, 131030 400 N, 131031 403 F, 131037 400 F, 131042 400 F, 131044 400 F,
131045 500 F, 131047 400 N, 131048 400 L, 131050 400 N, 131051 400 N, 131052 400 N, 131053 400 N, 131055 400 N,
131056 400 B, 131057 500 B, 131059 400 B, 131060 400 N, 131062 400 N, 131063 400 N, 131064 400 L, 132000 400 N,
132001 404 N, 132005 400 N, 132007 400 N, 132008 400 N, 132012 400 N, 132016 400 N, 132069 400 L, 133000 500 F,
133004 503 P, 133005 400 F, 133006 400 F, 133008 400 L, 133009 400 L, 133010 400 F, 133015 400 L, 133016 400 L,
134011 400 F, 134100 400 N, 134101 400 L, 134102 500 F, 135000 400 N, 137000 400 N, 147001 400 N, 147002 400 N,
147003 400 N, 147004 400 N, 2388040 400 N, 2388047 400 N, 2388072 400 N, 2388073 400 N, 2388293 400 N, 2388299 400 N,
2494100 400 L, 2593107 400 N, 2593108 400 N`;
/** Later or after mending, says the reference; but this message is over: its variant stops, or its person rests. */
const OVER = [131049, 132015, 132068, 200005, 200006, 200007, 2388019];
const documented = table
  .trim()
  .split(/,\s+/)
  .map((row) => row.split(" "))
  .map(([code, status, then = ""]) => ({ code: Number(code), status: Number(status), then }));
const kinds: Record<string, string> = { N: "rejected", B: "retry", L: "retry", F: "retry", P: "ambiguous" };
const at400 = (code: number, subcode?: number) => classifyError({ status: 400, code, subcode, detail: "why" });

test.each(documented)("$code with HTTP $status comes to what the reference says ($then)", ({ code, status, then }) => {
  expect(isKnownCode(code)).toBe(true);
  expect(classifyError({ status, code, detail: "why" }).kind).toBe(kinds[then]);
  // A client error is never in doubt.
  expect(at400(code).kind).not.toBe("ambiguous");
});

test.each(OVER)("%i ends the message", (code) => {
  expect(isKnownCode(code)).toBe(true);
  expect(at400(code).kind).toBe("rejected");
});

test("subcodes say no less than their code, and one that is unknown changes nothing", () => {
  for (const subcode of [460, 463, 467, 1])
    expect(at400(190, subcode)).toMatchObject({ kind: "retry", scope: "account" });
  expect(at400(100, 33)).toMatchObject({ kind: "retry", scope: "number" });
  expect(at400(100, 2494100)).toMatchObject({ kind: "retry", scope: "number", afterMs: 300_000 });
  for (const subcode of [2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 987654]) {
    expect(at400(100, subcode)).toEqual({ kind: "rejected", code: 100, detail: "why" });
  }
  expect(at400(130429, 2494055)).toMatchObject({ kind: "retry", scope: "number", code: 130429 });
});

test("limits are retried within their scope", () => {
  expect(at400(130429)).toMatchObject({ kind: "retry", scope: "number" });
  expect(at400(80007)).toMatchObject({ kind: "retry", scope: "account" });
  expect(at400(4)).toMatchObject({ kind: "retry", scope: "account" });
  expect(at400(131056)).toMatchObject({ kind: "retry", scope: "pair", afterMs: 6_000 });
});

test.each([131049, 131026, 131047, 131050, 132000, 132001, 132012, 132015, 132016])(
  "%i is never sent again by itself",
  (code) => expect(at400(code)).toEqual({ kind: "rejected", code, detail: "why" }),
);

test("codes that concern more than one message say so", () => {
  expect([190, 368, 131031].map((code) => effectOf(code))).toEqual(["stop_account", "stop_account", "stop_account"]);
  expect(effectOf(131050)).toBe("withdraw_marketing");
  expect(effectOf(131049)).toBe("cool_down_contact");
  expect(effectOf(100, 33)).toBe("stop_number");
  expect(effectOf(100)).toBeUndefined();
});

test("a server error leaves the outcome unknown unless the code is a refusal by itself", () => {
  const at500 = (code: number) => classifyError({ status: 500, code, detail: "" });
  expect(at500(131000).kind).toBe("ambiguous");
  expect(at500(987654).kind).toBe("ambiguous");
  expect(at500(131057)).toMatchObject({ kind: "retry", scope: "number" });
});

test("an unknown code is refused, not guessed", () => {
  expect(at400(987654)).toEqual({ kind: "rejected", code: 987654, detail: "why" });
});
