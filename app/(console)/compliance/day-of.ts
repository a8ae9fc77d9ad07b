import { instantOf } from "@/lib/foundation/time";

/** When a day of an address (YYYY-MM-DD) begins in a zone; undefined for what is no day. */
export function dayOf(day: string | undefined, timeZone: string): Date | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return instantOf({ year, month, day: date, hour: 0, minute: 0, second: 0 }, timeZone);
}
