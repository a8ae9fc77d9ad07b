import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { actorId } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { appendBatch, appendEntries } from "@/lib/ledger/append";
import { authorizeRecording, authorizeWithdrawal } from "../authorize-withdrawal";
import { sourceClassOf } from "../consent";
import { type ConsentEventFacts, consentPayload, evidencePlace, type NewConsentEvent } from "../event";
import { type ProjectedState, projectStates } from "../projection";
import { contactPairs, loadHistories, loadPolicies, lockContacts, meansThePerson, storeStates } from "../store";
import { logLifted } from "./lift-suppression";

export interface RecordConsentEvents {
  events: readonly NewConsentEvent[];
  /** One log entry for all of them (an import's batch) in place of one each. */
  batch?: { lane: number; ref: string };
}

export interface RecordedConsent {
  /** Ids of the events that are new, by idempotency key: the others had been recorded before. */
  recorded: Map<string, string>;
  /** States of every contact that was touched, as they are now. */
  states: Map<string, ProjectedState[]>;
}

/** Five minutes of clock difference are forgiven (compliance/design.md 1.3). */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * The one writer of consent: events, their log entries and the projection, in one transaction. Each contact's history is
 * folded anew, so an event that arrives late takes its place by the time of the act. Contacts that are erased are left
 * alone: their blocks outlive them.
 *
 * @throws AppError consent_event_in_future when an act lies more than five minutes ahead
 */
export async function recordConsentEvents(
  ctx: Context,
  { events, batch }: RecordConsentEvents,
): Promise<RecordedConsent> {
  if (isWithdrawing(events)) authorizeWithdrawal(ctx);
  else if (events.every(({ source }) => sourceClassOf(source) === "B")) authorizeRecording(ctx);
  else authorize(ctx, "consent.record"); // an act of the person is never somebody's report
  if (events.length === 0) return { recorded: new Map(), states: new Map() };
  return transaction(ctx, async (tx) => {
    const { alive, current } = await lockContacts(tx.db, [...new Set(events.map((event) => event.contactId))]);
    const keys = await tx.keys.keysOf([...alive]);
    const fresh = await unrecorded(
      tx,
      events
        .map((event) => ({ ...event, contactId: current(event.contactId) }))
        .filter(({ contactId }) => keys.has(contactId)),
    );
    const rows = fresh.map((event) => toFacts(tx, event));
    const keyOf = (contactId: string): Buffer => {
      const key = keys.get(contactId);
      if (!key) throw new AppError("contact_erased");
      return key;
    };
    if (rows.length > 0) {
      const entryIds = await appendToLog(tx, rows, { keyOf, batch });
      await insertEvents(tx, rows, { entryIds, entryLane: batch?.lane, keyOf, events: fresh });
    }
    const recorded = new Map(rows.map((row, i) => [fresh[i]?.idempotencyKey ?? "", row.id]));
    const states = await refold(tx, [...alive]);
    await liftBlocks(tx, rows, states);
    return { recorded, states };
  });
}

function isWithdrawing(events: readonly NewConsentEvent[]): boolean {
  return events.length > 0 && events.every(({ type }) => type === "withdrawn");
}

/** Under the contacts' locks, so that of two who report the same event one finds it here. */
async function unrecorded(tx: Context, events: readonly NewConsentEvent[]): Promise<NewConsentEvent[]> {
  const byKey = new Map(events.map((event) => [event.idempotencyKey, event]));
  if (byKey.size === 0) return [];
  const wanted = [...byKey.values()];
  const known = await tx.db.execute<{ key: string }>(sql`
    select event.idempotency_key as key
    from unnest(${array(
      wanted.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )}, ${array([...byKey.keys()], "text")})
      as wanted (lane, key)
    join consent_events as event on event.lane = wanted.lane and event.idempotency_key = wanted.key`);
  for (const { key } of known) byKey.delete(key);
  return [...byKey.values()];
}

function toFacts(tx: Context, event: NewConsentEvent): ConsentEventFacts {
  const recordedAt = tx.now();
  if (event.occurredAt.getTime() > recordedAt.getTime() + CLOCK_TOLERANCE_MS) {
    throw new AppError("consent_event_in_future", { occurredAt: event.occurredAt.toISOString() });
  }
  return {
    id: newId(),
    contactId: event.contactId,
    type: event.type,
    purposeId: event.purposeId,
    scope: event.scope,
    wordingVersionId: event.wordingVersionId ?? null,
    source: event.source,
    sourceClass: sourceClassOf(event.source),
    isComplete: event.isComplete,
    occurredAt: new Date(Math.min(event.occurredAt.getTime(), recordedAt.getTime())),
    recordedAt,
    jurisdiction: event.jurisdiction ?? null,
    language: event.language ?? null,
    actorKind: event.by ?? tx.actor.kind,
    actorId: event.by ? null : actorId(tx.actor),
    evidence: event.evidence ?? null,
  };
}

interface LogPlace {
  keyOf: (contactId: string) => Buffer;
  batch: RecordConsentEvents["batch"];
}

/** The id of each row's log entry. */
async function appendToLog(
  tx: Context,
  rows: readonly ConsentEventFacts[],
  { keyOf, batch }: LogPlace,
): Promise<string[]> {
  if (batch) {
    const { entryId } = await appendBatch(tx.db, {
      ...batch,
      type: "consent.batch",
      by: tx.actor.kind,
      at: tx.now(),
      payloads: "derived",
      items: rows.map((row) => ({
        id: row.id,
        subject: row.contactId,
        payload: consentPayload(row),
        key: keyOf(row.contactId),
      })),
    });
    return rows.map(() => entryId);
  }
  return appendEntries(
    tx.db,
    rows.map((row) => ({
      lane: laneOf(row.contactId),
      type: `consent.${row.type}`,
      ref: row.id,
      subject: row.contactId,
      by: row.actorKind === "contact" || row.actorKind === "meta" ? row.actorKind : tx.actor.kind,
      at: row.recordedAt,
      payload: consentPayload(row),
      key: keyOf(row.contactId),
    })),
  );
}

async function insertEvents(
  tx: Context,
  rows: readonly ConsentEventFacts[],
  given: {
    entryIds: readonly string[];
    /** Of the batch, which is one entry for people of many lanes; without one, each entry lies in its contact's lane. */
    entryLane: number | undefined;
    keyOf: (contactId: string) => Buffer;
    events: readonly NewConsentEvent[];
  },
): Promise<void> {
  const column = <K extends keyof ConsentEventFacts>(key: K) => rows.map((row) => row[key]);
  const evidence = rows.map((row) =>
    row.evidence ? seal(given.keyOf(row.contactId), JSON.stringify(row.evidence), evidencePlace(row.id)) : null,
  );
  await tx.db.execute(sql`
    insert into consent_events (lane, id, contact_id, type, purpose_id, scope, jurisdiction, language, wording_version_id,
      source, source_class, is_complete, evidence_sealed, occurred_at, recorded_at, actor_kind, actor_id, import_id,
      idempotency_key, entry_id, entry_lane)
    select * from unnest(${array(
      rows.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )},
      ${array(column("id"), "uuid")}, ${array(column("contactId"), "uuid")}, ${array(column("type"), "text")},
      ${array(column("purposeId"), "uuid")}, ${array(column("scope"), "text")},
      ${array(column("jurisdiction"), "text")}, ${array(column("language"), "text")},
      ${array(column("wordingVersionId"), "uuid")}, ${array(column("source"), "text")},
      ${array(column("sourceClass"), "text")}, ${array(column("isComplete"), "boolean")}, ${array(evidence, "bytea")},
      ${array(column("occurredAt"), "timestamptz")}, ${array(column("recordedAt"), "timestamptz")},
      ${array(column("actorKind"), "text")}, ${array(column("actorId"), "text")},
      ${array(
        given.events.map(({ importId }) => importId ?? null),
        "uuid",
      )},
      ${array(
        given.events.map(({ idempotencyKey }) => idempotencyKey),
        "text",
      )}, ${array(given.entryIds, "uuid")},
      ${array(
        rows.map(({ contactId }) => given.entryLane ?? laneOf(contactId)),
        "smallint",
      )})`);
}

/** Projection = fold(events), for these contacts (I5). */
async function refold(tx: Context, contactIds: readonly string[]): Promise<Map<string, ProjectedState[]>> {
  if (contactIds.length === 0) return new Map();
  const policies = await loadPolicies(tx.db);
  const histories = await loadHistories(tx.db, contactIds);
  const states = new Map([...histories].map(([contactId, history]) => [contactId, projectStates(policies, history)]));
  await storeStates(
    tx.db,
    [...states].flatMap(([contactId, rows]) => rows.map((row) => ({ ...row, contactId }))),
  );
  return states;
}

/** Somebody who agrees again, by an act of their own, is no longer held back by their earlier withdrawal (1.6). What so ends is logged. */
async function liftBlocks(
  tx: Context,
  rows: readonly ConsentEventFacts[],
  states: ReadonlyMap<string, ProjectedState[]>,
): Promise<void> {
  const agreed = rows.filter(
    ({ id, contactId, sourceClass }) =>
      sourceClass === "A" && states.get(contactId)?.some(({ basisEventId }) => basisEventId === id),
  );
  if (agreed.length === 0) return;
  const contactIds = agreed.map(({ contactId }) => contactId);
  const lifted = await tx.db.execute<{ id: string }>(sql`
    update contact_suppressions as block set lifted_at = ${tx.now()}::timestamptz
    from ${contactPairs(contactIds)} as wanted (lane, id)
    where block.lane = wanted.lane and block.contact_id = wanted.id and block.kind = 'withdrawn' and block.lifted_at is null
    returning block.contact_id as id`);
  await tx.db.execute(sql`
    update suppression_lookups as block set lifted_at = ${tx.now()}::timestamptz
    from ${contactPairs(contactIds)} as wanted (lane, id)
    join contact_identifiers as identifier on identifier.lane = wanted.lane and identifier.contact_id = wanted.id
    where block.lane = lane_of_hash(identifier.lookup) and block.lookup = identifier.lookup
      and block.kind = 'withdrawn' and block.lifted_at is null and ${meansThePerson}`);
  for (const { id: contactId } of lifted) {
    const because = agreed.find((row) => row.contactId === contactId)?.id ?? "";
    await logLifted(tx, { contactId, kind: "withdrawn", because });
  }
}
