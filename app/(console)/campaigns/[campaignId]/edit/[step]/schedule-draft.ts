import type { CampaignSchedule } from "@/lib/campaigns/schedule";
import type { Formats } from "@/lib/i18n/formats";
import { instantText, localText } from "./local-moment";
import { numberText, readTyped } from "./typed-number";

/** What step 4 saves; instants as ISO texts, in UTC. */
export interface ScheduleInput {
  schedule: CampaignSchedule;
  startsAt: string | null;
  deadlineAt: string | null;
}

/** The same as it stands in the fields; what is switched off is kept, so that switching it on again brings it back. */
export interface TypedSchedule {
  when: "now" | "later" | "local";
  start: string;
  date: string;
  time: string;
  hours: "any" | "some";
  weekdays: readonly (1 | 2 | 3 | 4 | 5 | 6 | 7)[];
  from: string;
  to: string;
  spread: "none" | "days";
  perDay: string;
  ends: "never" | "deadline";
  deadline: string;
  lateMinutes: number;
}

export type ScheduleField = "start" | "local" | "weekdays" | "to" | "perDay" | "deadline";
export type ScheduleFault = "momentMissing" | "daysMissing" | "hoursBackwards" | "perDayMissing" | "backwards";

export const MOST_PER_DAY = 100_000_000;
/** A time field cannot say 24:00. */
const MIDNIGHT = "00:00";

export function typedSchedule({ schedule, startsAt, deadlineAt }: ScheduleInput, formats: Formats): TypedSchedule {
  const { timing, hours, perDay, lateMinutes } = schedule;
  const zone = formats.settings.timeZone;
  return {
    when: timing.kind === "local" ? "local" : startsAt === null ? "now" : "later",
    start: localText(startsAt, zone),
    date: timing.kind === "local" ? timing.date : "",
    time: timing.kind === "local" ? timing.time : "10:00",
    hours: hours ? "some" : "any",
    weekdays: hours?.weekdays ?? [1, 2, 3, 4, 5],
    from: hours?.from ?? "09:00",
    to: hours ? (hours.to === "24:00" ? MIDNIGHT : hours.to) : "20:00",
    spread: perDay === null ? "none" : "days",
    perDay: numberText(perDay, formats),
    ends: deadlineAt === null ? "never" : "deadline",
    deadline: localText(deadlineAt, zone),
    lateMinutes,
  };
}

/** Reads the fields; `input` is null while one of those in use cannot be read. */
export function readSchedule(
  typed: TypedSchedule,
  formats: Formats,
): { input: ScheduleInput | null; faults: Partial<Record<ScheduleField, ScheduleFault>> } {
  const zone = formats.settings.timeZone;
  const faults: Partial<Record<ScheduleField, ScheduleFault>> = {};
  const startsAt = typed.when === "later" ? instantText(typed.start, zone) : null;
  if (startsAt === undefined) faults.start = "momentMissing";
  if (typed.when === "local" && (!typed.date || !typed.time)) faults.local = "momentMissing";
  const to = typed.to === MIDNIGHT ? "24:00" : typed.to;
  if (typed.hours === "some" && typed.weekdays.length === 0) faults.weekdays = "daysMissing";
  if (typed.hours === "some" && !(typed.from < to)) faults.to = "hoursBackwards";
  const perDay = readTyped(typed.perDay, formats, { atLeast: 1, atMost: MOST_PER_DAY });
  const people = perDay.ok && perDay.value !== null && Number.isInteger(perDay.value) ? perDay.value : undefined;
  if (typed.spread === "days" && people === undefined) faults.perDay = "perDayMissing";
  const deadlineAt = typed.ends === "deadline" ? instantText(typed.deadline, zone) : null;
  if (deadlineAt === undefined) faults.deadline = "momentMissing";
  else if (startsAt && deadlineAt && startsAt >= deadlineAt) faults.deadline = "backwards";
  if (Object.keys(faults).length > 0 || startsAt === undefined || deadlineAt === undefined)
    return { input: null, faults };
  const { date, time, from, lateMinutes } = typed;
  const schedule: CampaignSchedule = {
    timing: typed.when === "local" ? { kind: "local", date, time } : { kind: "moment" },
    hours: typed.hours === "some" ? { weekdays: typed.weekdays.toSorted(), from, to } : null,
    perDay: typed.spread === "days" ? (people ?? null) : null,
    lateMinutes,
  };
  return { input: { schedule, startsAt, deadlineAt }, faults };
}
