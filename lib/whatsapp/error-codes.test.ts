import { expect, test } from "vitest";
import { classifyError, effectOf, isKnownCode } from "./error-codes";

/** Every code of Meta's "Error codes" that concerns us, as of November 2026. */
const CODES = [
  0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 299, 368, 80007, 130429, 130472, 130497, 131000, 131005, 131008, 131009, 131016,
  131021, 131026, 131030, 131031, 131037, 131042, 131044, 131045, 131047, 131048, 131049, 131050, 131051, 131052,
  131053, 131055, 131056, 131057, 131059, 131060, 131062, 131063, 131064, 132000, 132001, 132005, 132007, 132008,
  132012, 132015, 132016, 132068, 132069, 133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016,
  134011, 134100, 134101, 134102, 135000, 137000, 147001, 147002, 147003, 147004, 200005, 200006, 200007, 2388019,
  2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2494100, 2593107, 2593108,
];
const at400 = (code: number, subcode?: number) => classifyError({ status: 400, code, subcode, detail: "why" });

test("every documented code has a rule, and a client error is never ambiguous", () => {
  for (const code of CODES) {
    expect(isKnownCode(code), String(code)).toBe(true);
    expect(at400(code).kind, String(code)).not.toBe("ambiguous");
  }
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
