import { instantOf, localParts } from "@/lib/foundation/time";

/** An instant as a `datetime-local` field writes it, on the clocks of a zone; empty for none. */
export function localText(instant: string | null, zone: string): string {
  if (instant === null) return "";
  const { year, month, day, hour, minute } = localParts(new Date(instant), zone);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** What somebody put in such a field as an instant in UTC; undefined while it is not complete. */
export function instantText(local: string, zone: string): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(local)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  return instantOf({ year, month, day, hour, minute, second: 0 }, zone).toISOString();
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
