import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ConsentEventType, type ConsentScope, type ConsentSource, consentEventTypes } from "../consent";

export interface ConsentEventView {
  eventId: string;
  contactId: string;
  type: ConsentEventType;
  purposeId: string | null;
  scope: ConsentScope;
  source: ConsentSource;
  sourceClass: "A" | "B";
  isComplete: boolean;
  wordingVersionId: string | null;
  occurredAt: Date;
  recordedAt: Date;
  actorKind: string;
  importId: string | null;
  entryLane: number;
  entryId: string;
}

export interface ConsentEventFilter {
  contactId?: string;
  type?: ConsentEventType;
  purposeId?: string;
  importId?: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  contact: string;
  type: string;
  purpose: string | null;
  scope: ConsentScope;
  source: ConsentSource;
  class: "A" | "B";
  complete: boolean;
  wording: string | null;
  occurred: string;
  recorded: string;
  actor: string;
  import: string | null;
  entry_lane: number;
  entry: string;
}

const MOST = 500;

/** The consent log, the latest recorded first. `cursor` is the last page's last event. */
export async function listConsentEvents(
  ctx: Context,
  { filter = {}, cursor, limit = 100 }: { filter?: ConsentEventFilter; cursor?: string; limit?: number } = {},
): Promise<{ events: ConsentEventView[]; nextCursor: string | null }> {
  authorize(ctx, "consent.read");
  if (limit < 1 || limit > MOST) throw new AppError("invalid_input", { field: "limit" });
  const { contactId, type, purposeId, importId } = filter;
  const conditions = [
    // Ids are ordered by time, so they are the cursor, whatever the lane.
    cursor && sql`event.id < ${cursor}::uuid`,
    contactId && sql`event.lane = lane_of(${contactId}::uuid) and event.contact_id = ${contactId}::uuid`,
    type && sql`event.type = ${type}`,
    purposeId && sql`event.purpose_id = ${purposeId}::uuid`,
    importId && sql`event.import_id = ${importId}::uuid`,
  ].flatMap((condition) => (condition ? [condition] : []));
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
  const rows = await ctx.db.execute<Row>(sql`
    select event.id, event.contact_id as contact, event.type, event.purpose_id as purpose, event.scope, event.source,
      event.source_class as class, event.is_complete as complete, event.wording_version_id as wording,
      event.occurred_at as occurred, event.recorded_at as recorded, event.actor_kind as actor, event.import_id as import,
      event.entry_lane, event.entry_id as entry
    from consent_events as event where ${where}
    order by event.id desc limit ${limit + 1}`);
  const events = rows.slice(0, limit).map(toView);
  return { events, nextCursor: rows.length > limit ? (events.at(-1)?.eventId ?? null) : null };
}

function toView(row: Row): ConsentEventView {
  return {
    eventId: row.id,
    contactId: row.contact,
    type: consentEventTypes.find((type) => type === row.type) ?? "evidence_added",
    purposeId: row.purpose,
    scope: row.scope,
    source: row.source,
    sourceClass: row.class,
    isComplete: row.complete,
    wordingVersionId: row.wording,
    occurredAt: new Date(row.occurred),
    recordedAt: new Date(row.recorded),
    actorKind: row.actor,
    importId: row.import,
    entryLane: row.entry_lane,
    entryId: row.entry,
  };
}
