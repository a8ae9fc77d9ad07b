import { addLocalDays } from "@/lib/foundation/time";
import type { LogFilter } from "@/lib/reporting/queries/list-log-entries";
import { listPath } from "../../list-path";
import { dayOf } from "../day-of";

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

/** What the query of an address asks the log for; what is not understood is left out. Days are the organisation's. */
export function ledgerFilter({ type, from, to, by, size, cursor }: LedgerQuery, timeZone: string): LogFilter {
  const family = typeFilters.find((known) => known === type);
  const since = dayOf(from, timeZone);
  const until = dayOf(to, timeZone);
  const actor = actorKinds.find((known) => known === by);
  const limit = pageSizes.find((known) => known === size);
  return {
    ...(actor ? { by: actor } : {}),
    ...(limit ? { limit: Number(limit) } : {}),
    ...(family ? { type: `${family}.` } : {}),
    ...(since ? { from: since } : {}),
    ...(until ? { to: addLocalDays(until, 1, timeZone) } : {}),
    ...(cursor && /^\d{1,15}$/.test(cursor) ? { cursor } : {}),
  };
}

/** The address of the same list with some of its state changed. */
export function ledgerPath(query: LedgerQuery, changes: Partial<LedgerQuery>): string {
  return listPath("/compliance/ledger", ["type", "by", "from", "to", "size", "cursor", "entry"], {
    ...query,
    ...changes,
  });
}
