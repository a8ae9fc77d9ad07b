import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type AuditFilter, listAuditEvents, MOST_AUDIT_EVENTS } from "../queries/list-audit-events";

/** The admin log as rows of a file, header first: the newest ten thousand that the filter leaves. The export is an event too. */
export async function exportAuditEvents(ctx: Context, filter: AuditFilter): Promise<string[][]> {
  authorize(ctx, "audit.read");
  return transaction(ctx, async (tx) => {
    const { events } = await listAuditEvents(tx, { ...filter, limit: MOST_AUDIT_EVENTS });
    await audit(tx, "export.made", { what: "admin_log", rows: events.length });
    return [
      ["at", "type", "actor_kind", "actor_id", "actor_name", "subject", "reason", "data", "log_index", "event_id"],
      ...events.map((event) => [
        event.at.toISOString(),
        event.type,
        event.actorKind,
        event.actorId ?? "",
        event.actorName ?? "",
        event.subject ?? "",
        event.reason ?? "",
        JSON.stringify(event.data),
        event.logIndex === null ? "" : String(event.logIndex),
        event.eventId,
      ]),
    ];
  });
}
