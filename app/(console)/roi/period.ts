import { addLocalDays, instantOf, localDate, localParts } from "@/lib/foundation/time";

export const periodKinds = ["month", "quarter", "year", "custom"] as const;
export type PeriodKind = (typeof periodKinds)[number];

/** State of the page, in the address. Days are the organisation's, both included. */
export interface PeriodQuery {
  period?: string;
  from?: string;
  to?: string;
}

export interface ChosenPeriod {
  kind: PeriodKind;
  /** The first instant, and the first one after the period. */
  from: Date;
  to: Date;
  /** `YYYY-MM-DD`, for the fields of a custom period. */
  firstDay: string;
  lastDay: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTHS: Record<Exclude<PeriodKind, "custom">, number> = { month: 1, quarter: 3, year: 12 };

/** The period an address asks for; what is not understood is the current quarter. */
export function choosePeriod(query: PeriodQuery, now: Date, zone: string): ChosenPeriod {
  const custom = query.period === "custom" ? customPeriod(query, zone) : undefined;
  if (custom) return custom;
  const kind = query.period === "month" || query.period === "year" ? query.period : "quarter";
  const { year, month } = localParts(now, zone);
  const months = MONTHS[kind];
  const first = Math.floor((month - 1) / months) * months + 1;
  const start = (at: number) => instantOf({ year, month: at, day: 1, hour: 0, minute: 0, second: 0 }, zone);
  return withDays(kind, start(first), start(first + months), zone);
}

function customPeriod({ from, to }: PeriodQuery, zone: string): ChosenPeriod | undefined {
  const [first, last] = [dayStart(from, zone), dayStart(to, zone)];
  if (!first || !last || last < first) return undefined;
  return withDays("custom", first, addLocalDays(last, 1, zone), zone);
}

function dayStart(text: string | undefined, zone: string): Date | undefined {
  if (!text || !DAY.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  const [year = 0, month = 1, day = 1] = text.split("-").map(Number);
  return instantOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
}

function withDays(kind: PeriodKind, from: Date, to: Date, zone: string): ChosenPeriod {
  const firstDay = localDate(from, zone);
  return { kind, from, to, firstDay, lastDay: localDate(new Date(to.getTime() - 1), zone) };
}
