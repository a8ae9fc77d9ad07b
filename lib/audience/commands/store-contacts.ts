import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { sealName } from "../contact";
import type { ContactFacts } from "../contact-changes";
import { type Identifier, lookupOf, sealIdentifier } from "../identifier";

export interface ContactToStore {
  contactId: string;
  facts: ContactFacts;
  /** Those that the contact does not have yet. */
  identifiers: readonly Identifier[];
  /** Its key, made before this transaction: key first, contact after (compliance/design.md 2.5). */
  key: Buffer;
}

export interface StoreContacts {
  created: readonly ContactToStore[];
  /** Facts that differ from what is held, and identifiers that are new. */
  changed: readonly ContactToStore[];
  importId?: string;
}

/**
 * Writes contacts in a handful of statements, whatever their number. Call `meetSuppressions` (consent) for them in the
 * same transaction.
 *
 * @throws AppError conflict when somebody else stored one of the new phone numbers first: look again, then retry
 */
export async function storeContacts(ctx: Context, { created, changed, importId }: StoreContacts): Promise<void> {
  authorize(ctx, "contact.import");
  await transaction(ctx, async (tx) => {
    // One connection: the statements are sent as a pipeline, and the next is sealed while the last is being written.
    await Promise.all([
      insertContacts(tx, created, importId ?? null),
      updateContacts(tx, changed),
      insertIdentifiers(tx, created, { mustBeNew: true }),
      insertIdentifiers(tx, changed, { mustBeNew: false }),
    ]);
  });
}

async function insertContacts(tx: Context, rows: readonly ContactToStore[], importId: string | null): Promise<void> {
  if (rows.length === 0) return;
  const fact = <K extends keyof ContactFacts>(key: K) => rows.map(({ facts }) => facts[key] ?? null);
  await tx.db.execute(sql`
    insert into contacts (lane, id, name_sealed, country, language, time_zone, attributes, import_id, created_at, updated_at)
    select lane, id, name, country, language, zone, attributes, ${importId}::uuid, ${tx.now()}::timestamptz,
      ${tx.now()}::timestamptz
    from unnest(${array(
      rows.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )}, ${array(
      rows.map(({ contactId }) => contactId),
      "uuid",
    )}, ${array(sealedNames(rows), "bytea")}, ${array(fact("country"), "text")}, ${array(fact("language"), "text")},
      ${array(fact("timeZone"), "text")}, ${array(fact("attributes"), "jsonb")})
      as new (lane, id, name, country, language, zone, attributes)`);
}

async function updateContacts(tx: Context, rows: readonly ContactToStore[]): Promise<void> {
  if (rows.length === 0) return;
  const fact = <K extends keyof ContactFacts>(key: K) => rows.map(({ facts }) => facts[key] ?? null);
  await tx.db.execute(sql`
    update contacts set name_sealed = coalesce(told.name, name_sealed), country = coalesce(told.country, contacts.country),
      language = coalesce(told.language, contacts.language), time_zone = coalesce(told.zone, time_zone),
      attributes = contacts.attributes || told.attributes, updated_at = ${tx.now()}::timestamptz
    from unnest(${array(
      rows.map(({ contactId }) => laneOf(contactId)),
      "smallint",
    )}, ${array(
      rows.map(({ contactId }) => contactId),
      "uuid",
    )}, ${array(sealedNames(rows), "bytea")}, ${array(fact("country"), "text")}, ${array(fact("language"), "text")},
      ${array(fact("timeZone"), "text")}, ${array(fact("attributes"), "jsonb")})
      as told (lane, id, name, country, language, zone, attributes)
    where contacts.lane = told.lane and contacts.id = told.id and contacts.erased_at is null`);
}

function sealedNames(rows: readonly ContactToStore[]): (Buffer | null)[] {
  return rows.map(({ contactId, key, facts }) => (facts.name ? sealName(key, contactId, facts.name) : null));
}

interface IdentifierRow {
  contactId: string;
  kind: string;
  lookup: Buffer;
  sealed: Buffer;
}

async function insertIdentifiers(
  tx: Context,
  contacts: readonly ContactToStore[],
  { mustBeNew }: { mustBeNew: boolean },
): Promise<void> {
  const rows: IdentifierRow[] = contacts.flatMap(({ contactId, key, identifiers }) =>
    identifiers.map((identifier) => ({
      contactId,
      kind: identifier.kind,
      lookup: lookupOf(tx.secrets.lookupKey, identifier),
      sealed: sealIdentifier(key, contactId, identifier),
    })),
  );
  if (rows.length === 0) return;
  rows.sort((one, other) => one.lookup.compare(other.lookup)); // one order for all, so that two imports never deadlock
  const column = <K extends keyof IdentifierRow>(key: K) => rows.map((row) => row[key]);
  const lanes = array(
    rows.map(({ contactId }) => laneOf(contactId)),
    "smallint",
  );
  const values = sql`${array(column("contactId"), "uuid")}, ${array(column("kind"), "text")}, ${array(column("lookup"), "bytea")}`;
  // An e-mail address of somebody else stays theirs: the same address with another phone suggests a merge, it makes none.
  const indexed = tx.db.execute<{ kind: string }>(sql`
    insert into identifier_index as own (lane, lookup, kind, contact_id, created_at)
    select lane_of_hash(lookup), lookup, kind, contact, ${tx.now()}::timestamptz
    from (select distinct on (lookup) lookup, kind, contact from unnest(${values}) as new (contact, kind, lookup) order by lookup)
      as new
    on conflict (lane, lookup) do update set contact_id = excluded.contact_id, created_at = excluded.created_at
    where exists (select from contacts where contacts.lane = lane_of(own.contact_id) and contacts.id = own.contact_id
      and contacts.erased_at is not null)
      or exists (select from contact_identifiers as former where former.lane = lane_of(own.contact_id)
        and former.contact_id = own.contact_id and former.kind = own.kind and former.lookup = own.lookup
        and former.former_at is not null and former.kind in ('phone', 'wa_id'))
    returning kind`);
  const kept = tx.db.execute(sql`
    insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
    select lane, contact, kind, lookup, sealed, ${tx.now()}::timestamptz
    from unnest(${lanes}, ${values}, ${array(column("sealed"), "bytea")}) as new (lane, contact, kind, lookup, sealed)
    on conflict (lane, contact_id, kind, lookup) do nothing`);
  const [found] = await Promise.all([indexed, kept]);
  const phones = rows.filter(({ kind }) => kind === "phone").length;
  if (mustBeNew && found.filter((row) => row.kind === "phone").length < phones) throw new AppError("conflict");
}
