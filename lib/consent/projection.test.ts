import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { actOf, consentEventTypes, consentScopes } from "./consent";
import { type HistoryEvent, projectStates, statusAt } from "./projection";
import { fold } from "./reducer";
import { end, facts, HOUR_MS, policies } from "./testing/histories";

const events = fc
  .array(fc.tuple(facts, fc.constantFrom(...consentEventTypes), fc.constantFrom(...consentScopes), fc.boolean()), {
    maxLength: 12,
  })
  .map((drawn) =>
    drawn.map(([{ occurredAt, sourceClass, complete }, type, scope, isOurs], i): HistoryEvent => {
      const purposeId = scope === "purpose" ? (isOurs ? "ours" : "another") : null;
      const wordingVersionId = null;
      return {
        id: `${i}`,
        type,
        purposeId,
        scope,
        sourceClass,
        isComplete: complete,
        wordingVersionId,
        occurredAt,
        recordedAt: end,
      };
    }),
  );

test("a stored row says at any later moment what the events themselves say then", async () => {
  await holds(
    "consent reducer",
    fc.property(policies, fc.boolean(), events, fc.nat(20_000), (policy, isMarketing, history, hours) => {
      const at = new Date(+end + hours * HOUR_MS);
      const own = history.filter(
        ({ scope, purposeId }) => scope === "all" || (scope === "purpose" ? purposeId === "ours" : isMarketing),
      );
      const told = own.flatMap(({ type, isComplete, ...event }) => {
        const act = actOf[type];
        return act ? [{ ...event, act, complete: isComplete }] : [];
      });
      const [row] = projectStates([{ ...policy, purposeId: "ours", isMarketing }], history);
      expect(row ? statusAt(row, at) : "none").toBe(fold(policy, told, at).status);
    }),
    { runs: 1_000, long: 3_000 },
  );
});
