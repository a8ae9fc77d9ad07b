import { isUuid, parsePublicId } from "@/lib/foundation/ids";
import { addLocalDays, startOfLocalDay } from "@/lib/foundation/time";
import { type AuditFamily, type AuditFilter, auditFamilies } from "@/lib/reporting/queries/list-audit-events";

/** State of the list, in the address: nothing personal may be in it. */
export interface AdminLogQuery {
  family?: string;
  actor?: string;
  from?: string;
  to?: string;
  cursor?: string;
}

export const families = Object.keys(auditFamilies) as AuditFamily[]; // keys of a literal: exactly the union

/** What the query of an address asks for; what is not understood is left out. Days are the organisation's. */
export function adminLogFilter({ family, actor, from, to, cursor }: AdminLogQuery, timeZone: string): AuditFilter {
  const known = families.find((one) => one === family);
  const actorId = parsePublicId("usr", actor ?? "");
  const since = dayOf(from, timeZone);
  const until = dayOf(to, timeZone);
  const [at = "", id = ""] = (cursor ?? "").split("~");
  const isCursor = isUuid(id) && !Number.isNaN(Date.parse(at));
  return {
    ...(known ? { family: known } : {}),
    ...(actorId ? { actorId } : {}),
    ...(since ? { from: since } : {}),
    ...(until ? { to: addLocalDays(until, 1, timeZone) } : {}),
    ...(isCursor && cursor ? { cursor } : {}),
  };
}

function dayOf(day: string | undefined, timeZone: string): Date | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  return startOfLocalDay(new Date(`${day}T12:00:00Z`), timeZone);
}

/** The address of the same list, or of its file, with some of its state changed. */
export function adminLogPath(base: string, query: AdminLogQuery, changes: Partial<AdminLogQuery> = {}): string {
  const next = { ...query, ...changes };
  const parameters = new URLSearchParams();
  for (const key of ["family", "actor", "from", "to", "cursor"] as const) {
    const value = next[key];
    if (value) parameters.set(key, value);
  }
  const text = parameters.toString();
  return text ? `${base}?${text}` : base;
}
