import * as z from "zod";

const words = z.string().trim().min(1).max(5_000);
const maybe = z.string().trim().max(5_000).optional();
const when = z.date().nullable().optional();
const count = z.number().int().min(0).max(2_000_000_000).nullable().optional();

export const BreachInput = z.object({
  breachId: z.uuid().optional(),
  detectedAt: z.date(),
  nature: words,
  categories: words,
  peopleCount: count,
  recordsCount: count,
  consequences: words,
  measures: words,
  authorityNotifiedAt: when,
  authorityReason: maybe,
  peopleNotifiedAt: when,
  peopleReason: maybe,
});

const HOUR_MS = 3_600_000;
/** GDPR 33.1: to the authority without undue delay, within 72 hours of becoming aware of it. */
const AUTHORITY_HOURS = 72;
const SOON_HOURS = 24;

export type BreachClock =
  | { kind: "told"; afterHours: number; isLate: boolean }
  | { kind: "explained" }
  | { kind: "running"; hoursLeft: number; urgency: "soon" | "later" }
  | { kind: "overdue"; hours: number };

/** How the 72 hours stand. Whoever does not tell the authority writes why. */
export function breachClock(
  breach: { detectedAt: Date; authorityNotifiedAt: Date | null; authorityReason: string | null; closedAt: Date | null },
  now: Date,
): BreachClock {
  const due = breach.detectedAt.getTime() + AUTHORITY_HOURS * HOUR_MS;
  if (breach.authorityNotifiedAt) {
    const after = breach.authorityNotifiedAt.getTime() - breach.detectedAt.getTime();
    return { kind: "told", afterHours: Math.ceil(after / HOUR_MS), isLate: after > AUTHORITY_HOURS * HOUR_MS };
  }
  if (breach.authorityReason) return { kind: "explained" };
  const left = (due - now.getTime()) / HOUR_MS;
  if (left < 0) return { kind: "overdue", hours: Math.ceil(-left) };
  return { kind: "running", hoursLeft: Math.ceil(left), urgency: left <= SOON_HOURS ? "soon" : "later" };
}
