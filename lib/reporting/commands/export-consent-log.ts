import { publicId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { type ConsentLogFilter, listConsentLog, MOST_CONSENT_EVENTS } from "../queries/list-consent-log";

/** The consent log as rows of a file, header first: the newest ten thousand that the filter leaves. People are opaque ids. */
export async function exportConsentLog(ctx: Context, filter: ConsentLogFilter): Promise<string[][]> {
  authorize(ctx, "consent.read");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const { cursor: _, ...all } = filter;
    const { events } = await listConsentLog(tx, { ...all, limit: MOST_CONSENT_EVENTS });
    await audit(tx, "export.made", { what: "consent_log", rows: events.length });
    return [
      [
        ...["event_id", "person", "type", "purpose", "scope", "channel", "source", "class", "complete", "wording"],
        ...["country", "actor", "occurred_at", "recorded_at", "log_index", "leaf_hash"],
      ],
      ...events.map((event) => [
        event.eventId,
        publicId("con", event.contactId),
        event.type,
        event.purposeName ?? "",
        event.scope,
        event.channel,
        event.source,
        event.sourceClass,
        String(event.isComplete),
        event.wordingLabel ?? "",
        event.country ?? "",
        event.by,
        event.occurredAt.toISOString(),
        event.recordedAt.toISOString(),
        event.index === null ? "" : String(event.index),
        event.leafHash ?? "",
      ]),
    ];
  });
}
