import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf, newId } from "@/lib/foundation/ids";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch, appendEntries } from "@/lib/ledger/append";
import { authorizeRecording, authorizeWithdrawal } from "../authorize-withdrawal";
import { contactPairs, lockContacts, meansThePerson } from "../store";
import type { NewSuppression } from "../suppression";

/**
 * Blocks contacts, and every identifier they are known by: the block outlives the contact and meets it again when it is
 * imported anew. A block that is active already keeps its beginning, except Meta's stop, which counts from the latest; a lifted one
 * begins again.
 */
export async function suppress(
  ctx: Context,
  { suppressions, batch }: { suppressions: readonly NewSuppression[]; batch?: { lane: number; ref: string } },
): Promise<void> {
  authorizeWithdrawal(ctx);
  if (suppressions.length === 0) return;
  await transaction(ctx, async (tx) => {
    const ids = [...new Set(suppressions.map(({ contactId }) => contactId))];
    const { current } = await lockContacts(tx.db, ids);
    const changed = await blockContacts(
      tx,
      suppressions.map((one) => ({ ...one, contactId: current(one.contactId) })),
    );
    if (changed.length === 0) return;
    await blockLookups(tx, changed);
    await log(tx, changed, batch);
  });
}

async function blockContacts(tx: Context, suppressions: readonly NewSuppression[]): Promise<NewSuppression[]> {
  const rows = await tx.db.execute<{ contact: string; kind: string }>(sql`
    insert into contact_suppressions as block (lane, contact_id, kind, scope, since, until, reason_event_id)
    select lane, id, kind, scope, since, until, reason
    from ${columnsOf(suppressions)} as given (lane, id, kind, scope, since, until, reason)
    on conflict (lane, contact_id, kind) do update set scope = excluded.scope, since = excluded.since,
      until = excluded.until, lifted_at = null, reason_event_id = excluded.reason_event_id
    where block.lifted_at is not null or block.until < excluded.until
      or (block.until is not null and excluded.until is null)
      or (block.scope = 'all_marketing' and excluded.scope = 'all')
      -- A resume lifts what is older than it, so of two stops the later one counts.
      or (block.kind = 'meta_stop' and block.since < excluded.since)
    returning contact_id as contact, kind`);
  const changed = new Set(rows.map(({ contact, kind }) => `${contact} ${kind}`));
  return suppressions.filter(({ contactId, kind }) => changed.has(`${contactId} ${kind}`));
}

/** The lane of a lookup comes from its hash, so the rows lie elsewhere than the contact's. */
async function blockLookups(tx: Context, suppressions: readonly NewSuppression[]): Promise<void> {
  await tx.db.execute(sql`
    insert into suppression_lookups as block (lane, lookup, kind, scope, since, until, reason_event_id)
    select distinct on (identifier.lookup, given.kind)
      lane_of_hash(identifier.lookup), identifier.lookup, given.kind, given.scope, given.since, given.until, given.reason
    from ${columnsOf(suppressions)} as given (lane, id, kind, scope, since, until, reason)
    join contact_identifiers as identifier on identifier.lane = given.lane and identifier.contact_id = given.id
    where ${meansThePerson}
    order by identifier.lookup, given.kind
    on conflict (lane, lookup, kind) do update set scope = excluded.scope, since = excluded.since,
      until = excluded.until, lifted_at = null, reason_event_id = excluded.reason_event_id`);
}

function columnsOf(suppressions: readonly NewSuppression[]) {
  const unique = [...new Map(suppressions.map((one) => [`${one.contactId} ${one.kind}`, one])).values()];
  const column = <K extends keyof NewSuppression>(key: K) => unique.map((row) => row[key]);
  return sql`unnest(${array(
    unique.map(({ contactId }) => laneOf(contactId)),
    "smallint",
  )},
    ${array(column("contactId"), "uuid")}, ${array(column("kind"), "text")}, ${array(column("scope"), "text")},
    ${array(column("since"), "timestamptz")}, ${array(column("until"), "timestamptz")},
    ${array(column("reasonEventId"), "uuid")})`;
}

async function log(
  tx: Context,
  suppressions: readonly NewSuppression[],
  batch: { lane: number; ref: string } | undefined,
): Promise<void> {
  const keys = await tx.keys.keysOf(suppressions.map(({ contactId }) => contactId));
  const fallback = installationKey(tx.secrets.keyEncryptionKey);
  const head = { by: tx.actor.kind, at: tx.now() };
  const items = suppressions.map((one) => {
    const id = newId();
    const { contactId, kind, scope, since, until, reasonEventId } = one;
    return {
      id,
      subject: contactId,
      key: keys.get(contactId) ?? fallback,
      payload: {
        id,
        contact: contactId,
        kind,
        scope,
        since: since.toISOString(),
        until: until?.toISOString() ?? null,
        reason: reasonEventId ?? null,
      },
    };
  });
  if (batch) {
    await appendBatch(tx.db, { ...head, ...batch, type: "suppression.batch", items, payloads: "sealed" });
    return;
  }
  const entries = items.map(({ id, subject, key, payload }) => ({
    ...head,
    lane: laneOf(subject),
    type: "suppression.added",
    ref: id,
    subject,
    key,
    payload,
  }));
  await appendEntries(tx.db, entries);
}

/**
 * Contacts that were just given an identifier: their blocks hold for it too, and where one of their identifiers is blocked, so
 * are they (compliance/design.md 3.1). Call it in the transaction that inserted the identifiers. Answers who is blocked.
 */
export async function meetSuppressions(tx: Context, contactIds: readonly string[]): Promise<Set<string>> {
  authorizeRecording(tx);
  if (contactIds.length === 0) return new Set();
  await spreadBlocks(tx, contactIds);
  await tx.db.execute(sql`
    insert into contact_suppressions (lane, contact_id, kind, scope, since, until, reason_event_id)
    select distinct on (wanted.id, block.kind)
      wanted.lane, wanted.id, block.kind, block.scope, block.since, block.until, block.reason_event_id
    from ${contactPairs(contactIds)} as wanted (lane, id)
    join contact_identifiers as identifier on identifier.lane = wanted.lane and identifier.contact_id = wanted.id
    join suppression_lookups as block on block.lane = lane_of_hash(identifier.lookup) and block.lookup = identifier.lookup
    where block.lifted_at is null and (block.until is null or block.until > ${tx.now()}::timestamptz) and ${meansThePerson}
    order by wanted.id, block.kind, block.scope
    on conflict (lane, contact_id, kind) do update set scope = excluded.scope, since = excluded.since,
      until = excluded.until, lifted_at = null, reason_event_id = excluded.reason_event_id
    where contact_suppressions.lifted_at is not null or contact_suppressions.until <= ${tx.now()}::timestamptz`);
  const rows = await tx.db.execute<{ id: string }>(sql`
    select distinct wanted.id from ${contactPairs(contactIds)} as wanted (lane, id)
    join contact_suppressions as block on block.lane = wanted.lane and block.contact_id = wanted.id
    where block.lifted_at is null and (block.until is null or block.until > ${tx.now()}::timestamptz)`);
  return new Set(rows.map(({ id }) => id));
}

/** The active blocks of these contacts, on every identifier that does not carry them yet. */
async function spreadBlocks(tx: Context, contactIds: readonly string[]): Promise<void> {
  await tx.db.execute(sql`
    insert into suppression_lookups as block (lane, lookup, kind, scope, since, until, reason_event_id)
    select distinct on (identifier.lookup, own.kind)
      lane_of_hash(identifier.lookup), identifier.lookup, own.kind, own.scope, own.since, own.until, own.reason_event_id
    from ${contactPairs(contactIds)} as wanted (lane, id)
    join contact_suppressions as own on own.lane = wanted.lane and own.contact_id = wanted.id
    join contact_identifiers as identifier on identifier.lane = wanted.lane and identifier.contact_id = wanted.id
    where own.lifted_at is null and (own.until is null or own.until > ${tx.now()}::timestamptz) and ${meansThePerson}
    order by identifier.lookup, own.kind, own.scope
    on conflict (lane, lookup, kind) do update set scope = excluded.scope, since = excluded.since,
      until = excluded.until, lifted_at = null, reason_event_id = excluded.reason_event_id
    where block.lifted_at is not null or block.until <= ${tx.now()}::timestamptz`);
}
