import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { type ConsentFact, consentActs } from "./consent";
import { fold } from "./reducer";
import { end, facts, HOUR_MS, policies, START } from "./testing/histories";
import vectors from "./vectors/consent-reducer.json";

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

  test("the order of arrival does not matter for events at distinct times", async () => {
    const history = fc.uniqueArray(facts, { selector: (fact) => +fact.occurredAt, maxLength: 12 });
    const shuffled = history.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    await holds(
      "consent reducer",
      fc.property(policies, shuffled, (policy, [events, arrived]) => {
        expect(fold(policy, arrived, end)).toEqual(fold(policy, events, end));
      }),
      { runs: 1_000, long: 3_000 },
    );
  });

  test("what somebody else reports never brings back a refusal, whenever it claims to have happened after it", async () => {
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
    await holds(
      "consent reducer",
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
      { runs: 1_000, long: 3_000 },
    );
  });

  test("a withdrawal ends whatever happened until then, however late it arrives", async () => {
    const late = fc.tuple(fc.array(facts, { maxLength: 12 }), fc.nat(12));
    await holds(
      "consent reducer",
      fc.property(
        policies,
        late,
        fc.constantFrom("A" as const, "B" as const),
        (policy, [events, place], sourceClass) => {
          const latest = Math.max(START, ...events.map(({ occurredAt }) => +occurredAt));
          const withdrawal: ConsentFact = {
            act: "withdraw",
            occurredAt: new Date(latest),
            sourceClass,
            complete: false,
          };
          expect(fold(policy, events.toSpliced(place, 0, withdrawal), end).status).toBe("withdrawn");
        },
      ),
      { runs: 1_000, long: 3_000 },
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

  test("only a granted state has an expiry, and it lies ahead", async () => {
    await holds(
      "consent reducer",
      fc.property(policies, fc.array(facts, { maxLength: 12 }), (policy, events) => {
        const state = fold(policy, events, end);
        if (state.status === "granted") expect(+(state.expiresAt ?? 0)).toBeGreaterThan(+end);
        else expect(state.expiresAt).toBeNull();
      }),
      { runs: 1_000, long: 3_000 },
    );
  });
});
