import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConsentFact, type ConsentPolicy, consentActs } from "./consent";
import { fold } from "./reducer";
import vectors from "./vectors/consent-reducer.json";

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

const policies = fc.record<ConsentPolicy>({
  doubleOptIn: fc.boolean(),
  pendingHours: fc.constantFrom(24, 168),
  validityDays: fc.constantFrom(1, 30, 730),
});
const facts = fc.record<ConsentFact>({
  act: fc.constantFrom(...consentActs),
  occurredAt: fc.integer({ min: 0, max: 2_000 }).map((hours) => new Date(START + hours * HOUR_MS)),
  sourceClass: fc.constantFrom("A", "B"),
  complete: fc.boolean(),
});
const end = new Date(START + 2_001 * HOUR_MS);

describe("the consent reducer", () => {
  test.each(vectors.cases.map((example, i) => ({ ...example, i })))("case $i: $status", (example) => {
    const events = example.events.map((event) => ({
      act: consentActs.find((act) => act === event.type) ?? expect.fail(`unknown act ${event.type}`),
      occurredAt: new Date(event.at),
      sourceClass: event.cls === "A" ? ("A" as const) : ("B" as const),
      complete: !("complete" in event && event.complete === false),
    }));
    const state = fold(example.policy, events, new Date(example.at));
    expect(state.status).toBe(example.status);
    expect(state.expiresAt).toEqual(example.expiresAt === null ? null : new Date(example.expiresAt));
  });

  test("the order of arrival does not matter for events at distinct times", () => {
    const history = fc.uniqueArray(facts, { selector: (fact) => +fact.occurredAt, maxLength: 12 });
    const shuffled = history.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(policies, shuffled, (policy, [events, arrived]) => {
        expect(fold(policy, arrived, end)).toEqual(fold(policy, events, end));
      }),
      { numRuns: 2_000 },
    );
  });

  test("what somebody else reports never brings back a refusal, whenever it claims to have happened after it", () => {
    const refusal = fc.constantFrom("withdraw" as const, "deny" as const);
    const reports = fc.array(facts, { maxLength: 8 }).map((events) =>
      events.map(
        (event): ConsentFact => ({
          ...event,
          sourceClass: "B",
          occurredAt: new Date(+event.occurredAt + 2_000 * HOUR_MS),
        }),
      ),
    );
    fc.assert(
      fc.property(policies, fc.array(facts, { maxLength: 8 }), refusal, reports, (policy, before, act, after) => {
        const refused: ConsentFact = {
          act,
          occurredAt: new Date(START + 2_000 * HOUR_MS),
          sourceClass: "A",
          complete: true,
        };
        const state = fold(policy, [...before, refused, ...after], new Date(START + 9_000 * HOUR_MS));
        expect(["withdrawn", "denied", "invalidated"]).toContain(state.status);
      }),
      { numRuns: 2_000 },
    );
  });

  test("at one instant a withdrawal beats any grant, in either order of arrival", () => {
    const policy = { doubleOptIn: false, pendingHours: 168, validityDays: 730 };
    const at = new Date(START);
    const grant = { act: "grant", occurredAt: at, sourceClass: "A", complete: true } as const;
    const withdraw = { ...grant, act: "withdraw" } as const;
    expect(fold(policy, [grant, withdraw], at).status).toBe("withdrawn");
    expect(fold(policy, [withdraw, grant], at).status).toBe("withdrawn");
  });

  test("only a granted state has an expiry, and it lies ahead", () => {
    fc.assert(
      fc.property(policies, fc.array(facts, { maxLength: 12 }), (policy, events) => {
        const state = fold(policy, events, end);
        if (state.status === "granted") expect(+(state.expiresAt ?? 0)).toBeGreaterThan(+end);
        else expect(state.expiresAt).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});
