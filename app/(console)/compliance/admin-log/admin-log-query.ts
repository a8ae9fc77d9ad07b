import { isUuid, parsePublicId } from "@/lib/foundation/ids";
import { addLocalDays } from "@/lib/foundation/time";
import { type AuditFamily, type AuditFilter, auditFamilies } from "@/lib/reporting/queries/list-audit-events";
import { listPath } from "../../list-path";
import { dayOf } from "../day-of";

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

/** The address of the same list, or of its file, with some of its state changed. */
export function adminLogPath(base: string, query: AdminLogQuery, changes: Partial<AdminLogQuery> = {}): string {
  return listPath(base, ["family", "actor", "from", "to", "cursor"], { ...query, ...changes });
}
