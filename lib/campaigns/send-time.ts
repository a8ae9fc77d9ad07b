import { addLocalDays, instantOf, type LocalTime, localDate, localParts, offsetMs } from "@/lib/foundation/time";
import { type CountryRule, type PolicyRules, zonesOf } from "@/lib/policies/policy";
import { sendingWindow } from "@/lib/policies/quiet-hours";
import type { CampaignSchedule } from "./schedule";

/** Where people are, as far as it decides when they may be written to. */
export interface Place {
  country: string | null;
  /** IANA name; null when unknown. */
  zone: string | null;
}

/** Why people get a message at another time than was asked for. */
export type Moved = "passed" | "hours" | "quiet_hours";

export interface SendTime {
  at: Date;
  moved: Moved | null;
  /** What the clocks there do at the time that was asked for: it does not exist, or exists twice. */
  clockChange: "gap" | "fold" | null;
  /** False: no day of the coming fortnight allows it. */
  isLegal: boolean;
}

export interface Timing {
  schedule: Pick<CampaignSchedule, "timing" | "hours">;
  /** Of a schedule by moment; null: now. */
  startsAt: Date | null;
  policy: PolicyRules;
  now: Date;
}

/**
 * When the people of a place are written to, `day` calendar days after the first: the time that was asked for, or the first instant after it
 * that campaign and rules of sending allow. The same for every variant and the holdout.
 *
 * A local time that the clocks skip is the first instant after the gap; one that happens twice is the first of the two. Where the
 * zone is unknown it must suit every zone of the country: the latest of their times, and then open in all of them. A time that has
 * passed is now.
 */
export function sendTime({ schedule, startsAt, policy, now }: Timing, place: Place, day = 0): SendTime {
  const zones = place.zone === null ? zonesOf(policy, place.country) : [place.zone];
  const asked = latest(
    zones.map((zone) =>
      schedule.timing.kind === "local"
        ? localInstant(localOf(schedule.timing, day), zone)
        : { at: addLocalDays(startsAt ?? now, day, zone), clockChange: null },
    ),
  );
  const begin = asked.at < now ? now : asked.at;
  const { isOpen, nextOpenAt } = sendingWindow(withinHours(policy, schedule.hours), place, begin);
  const { clockChange } = asked;
  if (nextOpenAt === null) return { at: begin, moved: null, clockChange, isLegal: false };
  const isQuiet = !isOpen && !sendingWindow(policy, place, begin).isOpen;
  const moved = isQuiet
    ? "quiet_hours"
    : !isOpen
      ? "hours"
      : begin > asked.at && isPassed(schedule, startsAt)
        ? "passed"
        : null;
  return { at: nextOpenAt, moved, clockChange, isLegal: true };
}

/** Calendar days looked at for the next day on which something may leave: a fortnight, as for an opening. */
const DAYS_AHEAD = 15;

/**
 * The times of a place on the first day, the next on which something may leave, and so on: a day that moves to another (a weekend, a
 * holiday) is none, so that no day gets what two were to have.
 */
export function sendDays(timing: Timing, place: Place): (day: number) => SendTime {
  const zone = place.zone ?? zonesOf(timing.policy, place.country)[0] ?? "UTC";
  const known = [sendTime(timing, place)];
  let calendarDay = 0;
  return (day) => {
    let last = known.at(-1) ?? sendTime(timing, place);
    while (known.length <= day) {
      const before = localDate(last.at, zone);
      const until = calendarDay + DAYS_AHEAD;
      do last = sendTime(timing, place, ++calendarDay);
      while (localDate(last.at, zone) <= before && calendarDay < until);
      known.push(last);
    }
    return known[day] ?? last;
  };
}

/** Nothing passes that was to happen at once. */
function isPassed({ timing }: Pick<CampaignSchedule, "timing">, startsAt: Date | null): boolean {
  return timing.kind === "local" || startsAt !== null;
}

interface Asked {
  at: Date;
  clockChange: SendTime["clockChange"];
}

function latest(all: readonly Asked[]): Asked {
  return all.reduce((last, one) => (one.at > last.at ? one : last));
}

function localOf({ date, time }: { date: string; time: string }, day: number): LocalTime {
  const [year = 0, month = 1, first = 1] = date.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { year, month, day: first + day, hour, minute, second: 0 };
}

const HOUR_MS = 3_600_000;

/** The first instant at which the clocks of a zone show a local time, or would have: the end of the gap that skips it. */
export function localInstant(local: LocalTime, zone: string): Asked {
  const at = instantOf(local, zone);
  const shown = localParts(at, zone);
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const isShown = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) === wall;
  if (!isShown) return { at: lastChange(at, zone), clockChange: "gap" };
  // Where the clocks go back, the same time comes again within the three hours after.
  const later = [0.5, 1, 2, 3].map((hours) => new Date(at.getTime() + hours * HOUR_MS));
  const offset = offsetMs(at, zone);
  const isTwice = later.some((one) => one.getTime() + offsetMs(one, zone) === at.getTime() + offset);
  return { at, clockChange: isTwice ? "fold" : null };
}

/** The last instant, to the second, at which a zone's clocks were changed before one that such a change has moved. */
function lastChange(after: Date, zone: string): Date {
  const target = offsetMs(after, zone);
  let [before, since] = [after.getTime() - 3 * HOUR_MS, after.getTime()];
  while (since - before > 1_000) {
    const middle = Math.floor((before + since) / 2_000) * 1_000;
    if (offsetMs(new Date(middle), zone) === target) since = middle;
    else before = middle;
  }
  return new Date(since);
}

const narrowed = new WeakMap<PolicyRules, Map<string, PolicyRules>>();

/** The rules of sending with every window cut to the campaign's own hours, so that one question answers both. */
function withinHours(policy: PolicyRules, hours: CampaignSchedule["hours"]): PolicyRules {
  if (!hours) return policy;
  const key = JSON.stringify(hours);
  const known = narrowed.get(policy) ?? new Map<string, PolicyRules>();
  const made = known.get(key) ?? {
    ...policy,
    rules: Object.fromEntries(
      Object.entries(policy.rules).map(([country, rule]) => [country, { ...rule, days: cut(rule.days, hours) }]),
    ),
  };
  narrowed.set(policy, known.set(key, made));
  return made;
}

function cut(days: CountryRule["days"], { weekdays, from, to }: NonNullable<CampaignSchedule["hours"]>) {
  return Object.fromEntries(
    weekdays.map((weekday) => {
      // ISO weekdays are the keys of `days`, which the type writes as text
      const windows = days[String(weekday) as keyof CountryRule["days"]] ?? [];
      const inside = windows.map(([opens, closes]): [string, string] => [
        opens > from ? opens : from,
        closes < to ? closes : to,
      ]);
      return [String(weekday), inside.filter(([opens, closes]) => opens < closes)];
    }),
  );
}
