/** Zone arithmetic. Instants are `Date`s in UTC; a zone is an IANA name; local time is plain numbers. */

export interface LocalTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly day: number;
  /** 0–23 */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface LocalParts extends LocalTime {
  /** ISO: Monday 1 … Sunday 7 */
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** True when the runtime's zone database knows the name. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at an instant. Milliseconds are dropped. Throws RangeError for an unknown zone. */
export function localParts(instant: Date, zone: string): LocalParts {
  const fields: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) fields[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = fields;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { year, month, day, hour, minute, second, weekday };
}

/**
 * The instant at which the clocks of a zone show a local time. A time that happens twice (autumn) is the earlier one;
 * a time that never happens (spring) is moved forward by the length of the gap, as Temporal's `compatible` does.
 * Fields out of range roll over (day 32 is the next month's first).
 */
export function instantOf(local: LocalTime, zone: string): Date {
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  const day = 86_400_000;
  // A change of offset near this time lies between the offsets a day before and a day after.
  const before = offsetMs(new Date(wall - day), zone);
  const after = offsetMs(new Date(wall + day), zone);
  const candidates = [wall - before, wall - after].sort((a, b) => a - b);
  const exact = candidates.find((candidate) => candidate + offsetMs(new Date(candidate), zone) === wall);
  return new Date(exact ?? wall - before);
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetMs(instant: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = localParts(instant, zone);
  const whole = Math.floor(instant.getTime() / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** Midnight, or the first existing moment after it, of the local day that contains the instant. */
export function startOfLocalDay(instant: Date, zone: string): Date {
  return instantOf({ ...localParts(instant, zone), hour: 0, minute: 0, second: 0 }, zone);
}

/** The same wall-clock time some calendar days later (or earlier), so 23 or 25 hours over a clock change. */
export function addLocalDays(instant: Date, days: number, zone: string): Date {
  const local = localParts(instant, zone);
  return instantOf({ ...local, day: local.day + days }, zone);
}

/** The local calendar date as `YYYY-MM-DD`. */
export function localDate(instant: Date, zone: string): string {
  const { year, month, day } = localParts(instant, zone);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}
