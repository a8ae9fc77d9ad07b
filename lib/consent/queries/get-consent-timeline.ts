import { sql } from "drizzle-orm";
import * as z from "zod";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import type { ConsentStatus } from "../consent";
import { evidencePlace } from "../event";
import { projectStates, statusAt } from "../projection";
import { loadHistories, loadPolicies } from "../store";
import type { SuppressionKind } from "../suppression";
import { type ConsentEventView, listConsentEvents } from "./list-consent-events";

export interface TimelineEvent extends ConsentEventView {
  /** What was kept as proof; null where there is none, or the person was erased. */
  evidence: Record<string, string | number | boolean | null> | null;
}

export interface ConsentTimeline {
  contactId: string;
  /** Latest first. */
  events: TimelineEvent[];
  /** The states at the asked instant, folded from the events up to then. */
  states: { purposeId: string; status: ConsentStatus; basisEventId: string | null; expiresAt: Date | null }[];
  blocks: { kind: SuppressionKind; scope: string; since: Date; until: Date | null; liftedAt: Date | null }[];
}

const Evidence = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const EVENTS_SHOWN = 500;

interface BlockRow extends Record<string, unknown> {
  kind: SuppressionKind;
  scope: string;
  since: string;
  until: string | null;
  lifted: string | null;
}

/** Everything that was ever said about one person's consent, and what it amounts to at an instant (default: now). */
export async function getConsentTimeline(
  ctx: Context,
  { contactId, at = ctx.now() }: { contactId: string; at?: Date },
): Promise<ConsentTimeline> {
  authorize(ctx, "consent.read");
  const { events } = await listConsentEvents(ctx, { filter: { contactId }, limit: EVENTS_SHOWN });
  const evidence = await evidenceOf(ctx, contactId);
  const history = (await loadHistories(ctx.db, [contactId])).get(contactId) ?? [];
  const until = history.filter((event) => event.occurredAt <= at);
  const blocks = await ctx.db.execute<BlockRow>(sql`
    select kind, scope, since, until, lifted_at as lifted from contact_suppressions
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid order by since desc`);
  return {
    contactId,
    events: events.map((event) => ({ ...event, evidence: evidence.get(event.eventId) ?? null })),
    states: projectStates(await loadPolicies(ctx.db), until).map((state) => ({
      purposeId: state.purposeId,
      status: statusAt(state, at),
      basisEventId: state.basisEventId,
      expiresAt: state.expiresAt,
    })),
    blocks: blocks.map(({ kind, scope, since, until: end, lifted }) => ({
      kind,
      scope,
      since: new Date(since),
      until: end === null ? null : new Date(end),
      liftedAt: lifted === null ? null : new Date(lifted),
    })),
  };
}

async function evidenceOf(ctx: Context, contactId: string): Promise<Map<string, z.infer<typeof Evidence>>> {
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  if (!key) return new Map();
  const rows = await ctx.db.execute<{ id: string; sealed: Buffer }>(sql`
    select id, evidence_sealed as sealed from consent_events
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and evidence_sealed is not null`);
  return new Map(
    rows.map(({ id, sealed }) => [
      id,
      Evidence.parse(JSON.parse(open(key, sealed, evidencePlace(id)).toString("utf8"))),
    ]),
  );
}
