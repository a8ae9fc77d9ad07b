import { offsetMs } from "@/lib/foundation/time";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** People look at their phones over the first hour and a half of the day, not all at once. */
const MORNING_MS = 1.5 * HOUR_MS;
const MAX_KNOWN = 5_000;

/** Local hours in which people use their phones, 0–24; `to` before `from` means over midnight. */
export interface ActiveHours {
  from: number;
  to: number;
}

/** Offsets change on whole quarters of an hour at most, so one look per zone and hour is enough. */
const known = new Map<string, number>();

function offsetAt(at: number, timeZone: string): number {
  const key = `${timeZone}\n${Math.floor(at / HOUR_MS)}`;
  let offset = known.get(key);
  if (offset === undefined) {
    if (known.size > MAX_KNOWN) known.clear();
    offset = offsetMs(new Date(at), timeZone);
    known.set(key, offset);
  }
  return offset;
}

/**
 * The instant itself when the person is awake then, else a moment of the next morning; `position` (0–1) says where in
 * it. All in milliseconds of world time.
 */
export function whenAwake(at: number, timeZone: string, { hours, position }: { hours: ActiveHours; position: number }) {
  const { from, to } = hours;
  const length = (((to - from) % 24) + 24) % 24 || 24; // From 8 to 8 is the whole day.
  const local = at + offsetAt(at, timeZone);
  const sinceMorning = (((local - from * HOUR_MS) % DAY_MS) + DAY_MS) % DAY_MS;
  if (sinceMorning < length * HOUR_MS) return at;
  return at - sinceMorning + DAY_MS + position * Math.min(MORNING_MS, length * HOUR_MS);
}
