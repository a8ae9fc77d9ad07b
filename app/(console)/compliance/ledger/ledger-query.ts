import { addLocalDays, instantOf } from "@/lib/foundation/time";
import type { LogFilter } from "@/lib/reporting/queries/list-log-entries";

/** State of the list, in the address: nothing personal may be in it. */
export interface LedgerQuery {
  type?: string;
  from?: string;
  to?: string;
  /** Kind of actor. */
  by?: string;
  size?: string;
  cursor?: string;
  /** The entry whose panel is open. */
  entry?: string;
}

/** Families of entries one can ask for. */
export const typeFilters = [
  "consent",
  "suppression",
  "send",
  "campaign",
  "import",
  "template",
  "user",
  "proof",
  "policy",
  "contact",
] as const;

export const actorKinds = ["contact", "user", "api_key", "system", "meta"] as const;
export const pageSizes = ["50", "100", "200"] as const;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the query of an address asks the log for; what is not understood is left out. Days are the organisation's. */
export function ledgerFilter({ type, from, to, by, size, cursor }: LedgerQuery, timeZone: string): LogFilter {
  const family = typeFilters.find((known) => known === type);
  const since = dayStart(from, timeZone);
  const until = dayStart(to, timeZone, 1);
  const actor = actorKinds.find((known) => known === by);
  const limit = pageSizes.find((known) => known === size);
  return {
    ...(actor ? { by: actor } : {}),
    ...(limit ? { limit: Number(limit) } : {}),
    ...(family ? { type: `${family}.` } : {}),
    ...(since ? { from: since } : {}),
    ...(until ? { to: until } : {}),
    ...(cursor && /^\d{1,15}$/.test(cursor) ? { cursor } : {}),
  };
}

function dayStart(day: string | undefined, timeZone: string, plusDays = 0): Date | undefined {
  if (!day || !DAY.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const start = instantOf({ year, month, day: date, hour: 0, minute: 0, second: 0 }, timeZone);
  return plusDays === 0 ? start : addLocalDays(start, plusDays, timeZone);
}

/** The address of the same list with some of its state changed. */
export function ledgerPath(query: LedgerQuery, changes: Partial<LedgerQuery>): string {
  const next = { ...query, ...changes };
  const parameters = new URLSearchParams();
  for (const key of ["type", "by", "from", "to", "size", "cursor", "entry"] as const) {
    const value = next[key];
    if (value) parameters.set(key, value);
  }
  const text = parameters.toString();
  return text ? `/compliance/ledger?${text}` : "/compliance/ledger";
}
