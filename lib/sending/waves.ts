import type { CampaignSchedule } from "@/lib/campaigns/schedule";
import { type Place, sendTime, type Timing } from "@/lib/campaigns/send-time";
import { type Allocated, allocate, HOLDOUT, laneOffset } from "@/lib/experiments/allocation";
import type { ExperimentPlan } from "@/lib/experiments/plan";
import { LANES } from "@/lib/foundation/ids";

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
 * One lane's people: which part, in which wave, in which order. Pure; the same people, seed and times give the same.
 * Variants are mixed by the seed within every wave, because a wave leaves in the order of the messages' ids. The holdout has a
 * wave by the same rules, and gets nothing.
 */
export function inWaves(
  { seed, plan, schedule, timing, plannedAt }: Plan,
  { lane, people }: { lane: number; people: readonly Candidate[] },
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
  const dayOf = days({ lane, perDay: schedule.perDay, holdoutBasisPoints: plan.holdoutBasisPoints });
  const waves: Wave[] = [];
  const known = new Map<string, number>();
  const recipients = allocated.map((one): Recipient => {
    const { country = null, zone = null } = places.get(one.id) ?? {};
    const day = dayOf(one);
    const key = `${country} ${zone} ${day}`;
    const wave = known.get(key) ?? waves.push({ country, zone, at: sendTime(timing, { country, zone }, day).at });
    known.set(key, wave);
    return { contactId: one.id, messageId: messageIdOf(plannedAt, one.order), part: one.part, wave };
  });
  return { recipients, waves };
}

/**
 * On which day somebody is written to, where no more than so many are a day. The lanes take turns: the place of a lane's n-th person
 * among everybody is n · 64 and the lane's offset, so no day gets more than its number whatever the lanes hold. The holdout
 * is spread over the days in proportion.
 */
function days({
  lane,
  perDay,
  holdoutBasisPoints,
}: {
  lane: number;
  perDay: number | null;
  holdoutBasisPoints: number;
}): (one: Allocated) => number {
  if (perDay === null) return () => 0;
  const heldOutPerDay = (perDay * holdoutBasisPoints) / (10_000 - holdoutBasisPoints);
  const [written, heldOut] = [
    { count: 0, perDay },
    { count: 0, perDay: heldOutPerDay },
  ];
  return ({ part }) => {
    const group = part === HOLDOUT ? heldOut : written;
    const place = group.count * LANES + laneOffset(lane);
    group.count += 1;
    return Math.floor(place / group.perDay);
  };
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
