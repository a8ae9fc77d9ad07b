import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { actOf, type ConsentFact, type ConsentStatus, consentStatuses } from "./consent";
import { mergingAct } from "./merge";
import { fold } from "./reducer";
import { end, facts, policies } from "./testing/histories";

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const policy = { doubleOptIn: false, pendingHours: 24 * 300, validityDays: 20 };

/** A history that ends in each state on day 30. */
const histories: Record<ConsentStatus, ConsentFact[]> = {
  none: [],
  pending: [{ act: "request", occurredAt: day(28), sourceClass: "B", complete: false }],
  granted: [{ act: "grant", occurredAt: day(25), sourceClass: "A", complete: true }],
  expired: [{ act: "grant", occurredAt: day(1), sourceClass: "A", complete: true }],
  denied: [{ act: "deny", occurredAt: day(25), sourceClass: "A", complete: true }],
  withdrawn: [{ act: "withdraw", occurredAt: day(25), sourceClass: "A", complete: true }],
  invalidated: [
    { act: "grant", occurredAt: day(24), sourceClass: "A", complete: true },
    { act: "invalidate", occurredAt: day(25), sourceClass: "B", complete: true },
  ],
};
const closed: readonly ConsentStatus[] = ["denied", "withdrawn", "invalidated"];

test("whoever is merged may be written to only if the one who lives on agreed and the other said nothing against it: 49 pairs", () => {
  for (const into of consentStatuses) {
    for (const from of consentStatuses) {
      const type = mergingAct({ into, from });
      const act = type && actOf[type];
      const events = [...histories[into]];
      if (act) events.push({ act, occurredAt: day(30), sourceClass: "B", complete: true });
      const { status } = fold(policy, events, day(30));
      const pair = `${from} into ${into}: ${status}`;
      expect(status === "granted", pair).toBe(into === "granted" && (from === "granted" || from === "none"));
      if (closed.includes(into) || closed.includes(from)) expect(closed, pair).toContain(status);
    }
  }
});

test("whatever both went through, a merge leaves nobody freer than either of them was", async () => {
  const history = fc.array(facts, { maxLength: 10 });
  await holds(
    "consent reducer",
    fc.property(policies, history, history, (anyPolicy, kept, merged) => {
      const into = fold(anyPolicy, kept, end).status;
      const from = fold(anyPolicy, merged, end).status;
      const type = mergingAct({ into, from });
      const act = type && actOf[type];
      const said: ConsentFact[] = act ? [{ act, occurredAt: end, sourceClass: "B", complete: true }] : [];
      const { status } = fold(anyPolicy, [...kept, ...said], end);
      expect(status === "granted").toBe(into === "granted" && (from === "granted" || from === "none"));
      if (closed.includes(into) || closed.includes(from)) expect(closed).toContain(status);
      if (from === "withdrawn") expect(status).toBe("withdrawn");
    }),
    { runs: 1_000, long: 3_000 },
  );
});
