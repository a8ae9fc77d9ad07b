import { instantOf, localDate, localParts } from "@/lib/foundation/time";
import { type CountryRule, type PolicyRules, ruleOf, zonesOf } from "./policy";

export interface Window {
  isOpen: boolean;
  /** When somebody may be written to next: now where it is open; null where no day of the coming fortnight is. */
  nextOpenAt: Date | null;
}

interface Place {
  country: string | null;
  /** IANA name; null when unknown: then every zone of the country counts. */
  zone: string | null;
}

/** How many local days are looked at for the next opening. */
const DAYS_AHEAD = 15;

/**
 * Whether people of a place may be written to at an instant, and when next. Windows are local and half-open; a local time
 * that a clock change skips opens when it would have (Temporal's `compatible`). The same rule in SQL: `sending_window`.
 */
export function sendingWindow(policy: PolicyRules, { country, zone }: Place, at: Date): Window {
  const rule = ruleOf(policy, country);
  const closed = new Set(rule.holidays ? (policy.holidays[country ?? ""] ?? []) : []);
  const zones = zone === null ? zonesOf(policy, country) : [zone];
  const isOpen = (instant: Date) => zones.every((one) => isOpenIn(rule, closed, { zone: one, at: instant }));
  if (isOpen(at)) return { isOpen: true, nextOpenAt: at };
  const openings = zones.flatMap((one) => openingsIn(rule, one, at)).sort((a, b) => a.getTime() - b.getTime());
  return { isOpen: false, nextOpenAt: openings.find(isOpen) ?? null };
}

function isOpenIn(rule: CountryRule, closed: ReadonlySet<string>, { zone, at }: { zone: string; at: Date }): boolean {
  if (closed.has(localDate(at, zone))) return false;
  const { weekday, hour, minute } = localParts(at, zone);
  const clock = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  return windowsOn(rule, weekday).some(([opens, closes]) => opens <= clock && clock < closes);
}

/** Every opening of the coming days in one zone, holidays not regarded. */
function openingsIn(rule: CountryRule, zone: string, after: Date): Date[] {
  const today = localParts(after, zone);
  const openings: Date[] = [];
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) {
    const weekday = ((today.weekday - 1 + ahead) % 7) + 1;
    for (const [opens] of windowsOn(rule, weekday)) {
      const [hour = 0, minute = 0] = opens.split(":").map(Number);
      const opening = instantOf({ ...today, day: today.day + ahead, hour, minute, second: 0 }, zone);
      if (opening > after) openings.push(opening);
    }
  }
  return openings;
}

function windowsOn(rule: CountryRule, weekday: number): readonly (readonly [string, string])[] {
  // ISO weekdays are the keys of `days`, which the type writes as text
  return rule.days[String(weekday) as keyof CountryRule["days"]] ?? [];
}
