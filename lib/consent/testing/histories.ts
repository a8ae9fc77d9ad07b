import fc from "fast-check";
import { type ConsentFact, type ConsentPolicy, consentActs } from "../consent";

export const START = Date.UTC(2026, 0, 1);
export const HOUR_MS = 3_600_000;
/** After everything that `facts` draws. */
export const end = new Date(START + 2_001 * HOUR_MS);

export const policies = fc.record<ConsentPolicy>({
  doubleOptIn: fc.boolean(),
  pendingHours: fc.constantFrom(24, 168),
  validityDays: fc.constantFrom(1, 30, 730),
});

export const facts = fc.record<ConsentFact>({
  act: fc.constantFrom(...consentActs),
  occurredAt: fc.integer({ min: 0, max: 2_000 }).map((hours) => new Date(START + hours * HOUR_MS)),
  sourceClass: fc.constantFrom("A", "B"),
  complete: fc.boolean(),
});
