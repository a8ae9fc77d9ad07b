import { createHash } from "node:crypto";
import { publicId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { csvLine } from "@/lib/imports/csv-cell";
import { type ConsentLogFilter, listConsentLog, MOST_CONSENT_EVENTS } from "../queries/list-consent-log";

/** Excel reads UTF-8 only behind this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** A file that nobody here keeps: whoever took it has it, and the log has its checksum. */
export interface ConsentLogFile {
  /** CSV in UTF-8, its header first. */
  text: string;
  rows: number;
  /** SHA-256 of the file's bytes, in hex; the admin log keeps the same. */
  sha256: string;
}

/**
 * The consent log as a file: the newest ten thousand events that the filter leaves. People are opaque ids. Taking it is an
 * event with a name, a reason, how many rows and the checksum.
 */
export async function exportConsentLog(
  ctx: Context,
  { filter, reason }: { filter: ConsentLogFilter; reason: string },
): Promise<ConsentLogFile> {
  authorize(ctx, "consent.read");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const { cursor: _, ...all } = filter;
    const { events } = await listConsentLog(tx, { ...all, limit: MOST_CONSENT_EVENTS });
    const lines = [
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
    const text = BYTE_ORDER_MARK + lines.map(csvLine).join("");
    const sha256 = createHash("sha256").update(text).digest("hex");
    await audit(tx, "export.made", { what: "consent_log", rows: events.length, sha256, reason });
    return { text, rows: events.length, sha256 };
  });
}
