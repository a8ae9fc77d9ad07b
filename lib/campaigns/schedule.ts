import * as z from "zod";

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const closing = z.union([clock, z.literal("24:00")]);

/** ISO weekdays, Monday 1 … Sunday 7. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** Local hours of some weekdays, half-open: outside of them nothing of the campaign leaves, whatever the rules of sending allow. */
const sendingHours = z
  .object({
    weekdays: z
      .array(z.literal(weekdays))
      .min(1)
      .transform((days) => [...new Set(days)].sort()),
    from: clock,
    to: closing,
  })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "the hours end after they begin" });

/**
 * When a campaign goes out, besides its columns `starts_at` and `deadline_at`.
 * `moment`: to everybody at `starts_at`, or as soon as it is launched. `local`: at this time on each person's own clock.
 */
export const campaignSchedule = z.object({
  timing: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("moment") }),
    z.object({ kind: z.literal("local"), date: z.iso.date(), time: clock }),
  ]),
  hours: sendingHours.nullable(),
  /** At most so many people a day, the rest on the days after; null: as many as can be. */
  perDay: z.int().min(1).max(100_000_000).nullable(),
  /** A start missed by more than this asks a person. */
  lateMinutes: z
    .int()
    .min(5)
    .max(7 * 24 * 60),
});
export type CampaignSchedule = z.output<typeof campaignSchedule>;

export const plainSchedule: CampaignSchedule = {
  timing: { kind: "moment" },
  hours: null,
  perDay: null,
  lateMinutes: 60,
};

/** What of a schedule is not as in the plain one: what an approval binds to, and nothing that older content did not have. */
export function scheduleChoices({ timing, hours, perDay, lateMinutes }: CampaignSchedule): Partial<CampaignSchedule> {
  return {
    ...(timing.kind === "moment" ? {} : { timing }),
    ...(hours && { hours }),
    ...(perDay !== null && { perDay }),
    ...(lateMinutes !== plainSchedule.lateMinutes && { lateMinutes }),
  };
}

/**
 * True when a start was missed by more than the schedule allows: then a person is asked. What was missed is real time, the time
 * that our machinery was away; a sandbox whose clock runs faster misses no more for it.
 */
export function isTooLate(
  { lateMinutes }: Pick<CampaignSchedule, "lateMinutes">,
  { dueAt, now, speed }: { dueAt: Date; now: Date; speed: number },
): boolean {
  return (now.getTime() - dueAt.getTime()) / Math.max(1, speed) > lateMinutes * 60_000;
}
