import type { CampaignSchedule } from "@/lib/campaigns/schedule";
import { type Place, type SendTime, sendDays, type Timing } from "@/lib/campaigns/send-time";
import { type Allocated, allocate, HOLDOUT } from "@/lib/experiments/allocation";
import type { ExperimentPlan } from "@/lib/experiments/plan";

export interface Candidate extends Place, Record<string, unknown> {
  id: string;
}

/** People of one place who are written to from one instant on. */
export interface Wave extends Place {
  at: Date;
}

export interface Recipient {
  contactId: string;
  messageId: string;
  part: string;
  /** Place in the list of waves, from one. */
  wave: number;
}

interface Plan {
  seed: Buffer;
  plan: Pick<ExperimentPlan, "arms" | "holdoutBasisPoints" | "strata">;
  schedule: Pick<CampaignSchedule, "perDay">;
  timing: Timing;
  plannedAt: Date;
}

/**
 * One lane's people: which part, in which wave, in which order. Pure; the same people, seed and times give the same. `before`: how
 * many of the lanes before it are written to, which decides the day where the schedule allows so many a day.
 * Variants are mixed by the seed within every wave, because a wave leaves in the order of the messages' ids. The holdout has a
 * wave by the same rules, and gets nothing.
 */
export function inWaves(
  { seed, plan, schedule, timing, plannedAt }: Plan,
  { lane, people, before }: { lane: number; people: readonly Candidate[]; before: number },
): { recipients: Recipient[]; waves: Wave[] } {
  const places = new Map(people.map((person) => [person.id, person]));
  const allocated = allocate({
    seed,
    lane,
    arms: plan.arms,
    holdoutBasisPoints: plan.holdoutBasisPoints,
    contacts: people.map(({ id, country }) => ({
      id,
      stratum: plan.strata === "country" ? (country ?? "unknown") : "all",
    })),
  }).sort((one, two) => (one.order < two.order ? -1 : 1));
  const dayOf = days(schedule.perDay, before);
  const waves: Wave[] = [];
  const known = new Map<string, number>();
  const times = new Map<string, (day: number) => SendTime>();
  const recipients = allocated.map((one): Recipient => {
    const { country = null, zone = null } = places.get(one.id) ?? {};
    const day = dayOf(one);
    const there = `${country} ${zone}`;
    const timeOn = times.get(there) ?? sendDays(timing, { country, zone });
    times.set(there, timeOn);
    const key = `${there} ${day}`;
    const wave = known.get(key) ?? waves.push({ country, zone, at: timeOn(day).at });
    known.set(key, wave);
    return { contactId: one.id, messageId: messageIdOf(plannedAt, one.order), part: one.part, wave };
  });
  return { recipients, waves };
}

/**
 * On which day somebody is written to, where no more than so many are a day: everybody in line, `before` people in front of this
 * lane. Lanes and the order within them are random, so a day is a random part of the audience, each variant in its share. Who is
 * held out stands in the same line and takes no place in it.
 */
function days(perDay: number | null, before: number): (one: Allocated) => number {
  if (perDay === null) return () => 0;
  let next = before;
  return ({ part }) => Math.floor((part === HOLDOUT ? Math.max(0, next - 1) : next++) / perDay);
}

/** A uuid v7 of the planning's instant; the rest is the order in which a wave leaves. */
function messageIdOf(plannedAt: Date, order: string): string {
  const time = plannedAt.getTime().toString(16).padStart(12, "0");
  const variant = "89ab".charAt(Number.parseInt(order.charAt(3), 16) & 3);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${order.slice(0, 3)}`,
    `${variant}${order.slice(4, 7)}`,
    order.slice(7, 19),
  ].join("-");
}
