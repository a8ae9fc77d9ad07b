import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { sealIdentifier } from "./identifier";
import type { Sign } from "./person";

export interface Owner {
  contactId: string;
  /** A number that the contact gave up: it finds nobody any more, since somebody else may have it now. */
  isGivenUp: boolean;
}

/** Who has these identifiers, by lookup in hex. Erased people have none. */
export async function findOwners(db: Db, signs: readonly Sign[]): Promise<Map<string, Owner>> {
  if (signs.length === 0) return new Map();
  const rows = await db.execute<{ hex: string; id: string; given_up: boolean }>(sql`
    select encode(wanted.lookup, 'hex') as hex, coalesce(contacts.merged_into, contacts.id) as id,
      own.former_at is not null and found.kind in ('phone', 'wa_id') as given_up
    from unnest(${array(distinctLookups(signs), "bytea")}) as wanted (lookup)
    join identifier_index as found on found.lane = lane_of_hash(wanted.lookup) and found.lookup = wanted.lookup
    join contacts on contacts.lane = lane_of(found.contact_id) and contacts.id = found.contact_id
    left join contact_identifiers as own on own.lane = contacts.lane and own.contact_id = contacts.id
      and own.kind = found.kind and own.lookup = found.lookup
    where contacts.erased_at is null`);
  return new Map(rows.map((row) => [row.hex, { contactId: row.id, isGivenUp: row.given_up }]));
}

export interface Newcomer {
  contactId: string;
  country: string | undefined;
}

export async function insertContacts(tx: Context, newcomers: readonly Newcomer[]): Promise<void> {
  if (newcomers.length === 0) return;
  await tx.db.execute(sql`
    insert into contacts (lane, id, country, created_at, updated_at)
    select lane, id, country, ${tx.now()}::timestamptz, ${tx.now()}::timestamptz
    from unnest(${lanesAndIds(newcomers.map(({ contactId }) => contactId))}, ${array(
      newcomers.map(({ country }) => country ?? null),
      "text",
    )}) as new (lane, id, country)`);
}

export interface Link {
  contactId: string;
  sign: Sign;
}

/**
 * Gives identifiers to contacts, first in the index: what somebody else has stays theirs, unless they were erased or gave the
 * number up. Answers the links that hold.
 */
export async function claimLinks(tx: Context, links: readonly Link[]): Promise<Link[]> {
  if (links.length === 0) return [];
  const ordered = [...links].sort((one, other) => one.sign.lookup.compare(other.sign.lookup)); // one order for all writers
  const rows = await tx.db.execute<{ hex: string; id: string }>(sql`
    insert into identifier_index as own (lane, lookup, kind, contact_id, created_at)
    select lane_of_hash(lookup), lookup, kind, contact, ${tx.now()}::timestamptz
    from (select distinct on (lookup) lookup, kind, contact from unnest(${array(
      ordered.map(({ sign }) => sign.lookup),
      "bytea",
    )}, ${array(
      ordered.map(({ sign }) => sign.identifier.kind),
      "text",
    )}, ${array(
      ordered.map(({ contactId }) => contactId),
      "uuid",
    )}) as new (lookup, kind, contact) order by lookup) as new
    on conflict (lane, lookup) do update set contact_id = excluded.contact_id, kind = excluded.kind,
      created_at = excluded.created_at
    where exists (select from contacts where contacts.lane = lane_of(own.contact_id) and contacts.id = own.contact_id
        and contacts.erased_at is not null)
      or exists (select from contact_identifiers as former where former.lane = lane_of(own.contact_id)
        and former.contact_id = own.contact_id and former.kind = own.kind and former.lookup = own.lookup
        and former.former_at is not null and former.kind in ('phone', 'wa_id'))
    returning encode(lookup, 'hex') as hex, contact_id as id`);
  const claimed = new Map(rows.map(({ hex, id }) => [hex, id]));
  return ordered.filter(({ contactId, sign }) => claimed.get(sign.hex) === contactId);
}

/** The sealed rows of links that `claimLinks` granted. */
export async function insertIdentifiers(
  tx: Context,
  links: readonly Link[],
  keys: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const rows = links.flatMap(({ contactId, sign }) => {
    const key = keys.get(contactId);
    return key ? [{ contactId, sign, sealed: sealIdentifier(key, contactId, sign.identifier) }] : [];
  });
  if (rows.length === 0) return;
  await tx.db.execute(sql`
    insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
    select lane, contact, kind, lookup, sealed, ${tx.now()}::timestamptz
    from unnest(${lanesAndIds(rows.map(({ contactId }) => contactId))}, ${array(
      rows.map(({ sign }) => sign.identifier.kind),
      "text",
    )}, ${array(
      rows.map(({ sign }) => sign.lookup),
      "bytea",
    )}, ${array(
      rows.map(({ sealed }) => sealed),
      "bytea",
    )}) as new (lane, contact, kind, lookup, sealed)
    on conflict do nothing`);
}

interface HeldKinds {
  /** Who is there, neither erased nor merged away. */
  alive: ReadonlySet<string>;
  /** Kinds of identifier that are not former, by contact. */
  held: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Who of these contacts is still there and by what they are known, under their row locks, in one order for all. */
export async function lockHeldKinds(tx: Context, contactIds: readonly string[]): Promise<HeldKinds> {
  if (contactIds.length === 0) return { alive: new Set(), held: new Map() };
  const locked = await tx.db.execute<{ id: string; is_alive: boolean }>(sql`
    select contacts.id, contacts.erased_at is null and contacts.merged_into is null as is_alive
    from contacts join unnest(${lanesAndIds(contactIds)}) as wanted (lane, id)
      on contacts.lane = wanted.lane and contacts.id = wanted.id
    order by contacts.lane, contacts.id for no key update of contacts`);
  const rows = await tx.db.execute<{ id: string; kinds: string[] }>(sql`
    select wanted.id, array_agg(distinct identifier.kind) as kinds
    from unnest(${lanesAndIds(contactIds)}) as wanted (lane, id)
    join contact_identifiers as identifier on identifier.lane = wanted.lane and identifier.contact_id = wanted.id
    where identifier.former_at is null group by wanted.id`);
  return {
    alive: new Set(locked.flatMap(({ id, is_alive: isAlive }) => (isAlive ? [id] : []))),
    held: new Map(rows.map(({ id, kinds }) => [id, new Set(kinds)])),
  };
}

/** `lane` and `id` arrays of some contacts, for `unnest`: every join names the lane. */
export function lanesAndIds(contactIds: readonly string[]) {
  return sql`${array(contactIds.map(laneOf), "smallint")}, ${array([...contactIds], "uuid")}`;
}

function distinctLookups(signs: readonly Sign[]): Buffer[] {
  return [...new Map(signs.map(({ hex, lookup }) => [hex, lookup])).values()];
}
