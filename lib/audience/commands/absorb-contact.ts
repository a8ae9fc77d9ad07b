import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { openName, sealName } from "../contact";
import { openIdentifier, sealIdentifier } from "../identifier";

export interface Absorption {
  into: string;
  from: string;
  /** The person gave up their number: what it was stays known, and finds or reaches nobody any more. */
  givesUpNumber: boolean;
}

/**
 * Lets one contact live on in another, inside the caller's transaction and under both row locks: identifiers move, gaps in the
 * facts are filled, the old contact points to the new one. Consent and blocks are `mergeContacts`' (consent), who calls this.
 */
export async function absorbContact(tx: Context, { into, from, givesUpNumber }: Absorption): Promise<void> {
  authorize(tx, "job.run");
  const keys = await tx.keys.keysOf([into, from]);
  const [intoKey, fromKey] = [keys.get(into), keys.get(from)];
  if (!intoKey || !fromKey) throw new Error("a contact without a key is erased and merges with nobody");
  await moveIdentifiers(tx, { into, from, givesUpNumber }, { intoKey, fromKey });
  await fillFacts(tx, { into, from }, { intoKey, fromKey });
  await tx.db.execute(sql`
    update contacts set merged_into = ${into}::uuid, merged_at = ${tx.now()}::timestamptz, updated_at = ${tx.now()}::timestamptz
    where (lane = ${laneOf(from)}::smallint and id = ${from}::uuid) or merged_into = ${from}::uuid`);
}

interface Keys {
  intoKey: Buffer;
  fromKey: Buffer;
}

interface IdentifierRow extends Record<string, unknown> {
  kind: "phone" | "wa_id" | "bsuid" | "parent_bsuid" | "email" | "external";
  lookup: Buffer;
  sealed: Buffer;
}

/** Copies, so that the old contact's messages can still say whom they went to; found they are at the new one alone. */
async function moveIdentifiers(tx: Context, { into, from, givesUpNumber }: Absorption, keys: Keys): Promise<void> {
  const rows = await tx.db.execute<IdentifierRow>(sql`
    select kind, lookup, sealed from contact_identifiers
    where lane = ${laneOf(from)}::smallint and contact_id = ${from}::uuid order by lookup`);
  if (rows.length === 0) return;
  const lookups = array(
    rows.map(({ lookup }) => lookup),
    "bytea",
  );
  const kinds = array(
    rows.map(({ kind }) => kind),
    "text",
  );
  const resealed = rows.map(({ kind, sealed }) =>
    sealIdentifier(keys.intoKey, into, { kind, value: openIdentifier(keys.fromKey, from, { kind, sealed }) }),
  );
  await tx.db.execute(sql`
    insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at, former_at)
    select ${laneOf(into)}::smallint, ${into}::uuid, moved.kind, moved.lookup, moved.sealed, own.created_at,
      case when ${givesUpNumber}::boolean and moved.kind in ('phone', 'wa_id', 'bsuid')
        then coalesce(own.former_at, ${tx.now()}::timestamptz) else own.former_at end
    from unnest(${kinds}, ${lookups}, ${array(resealed, "bytea")}) as moved (kind, lookup, sealed)
    join contact_identifiers as own on own.lane = ${laneOf(from)}::smallint and own.contact_id = ${from}::uuid
      and own.kind = moved.kind and own.lookup = moved.lookup
    on conflict do nothing`);
  await tx.db.execute(sql`
    update identifier_index as own set contact_id = ${into}::uuid from unnest(${lookups}) as moved (lookup)
    where own.lane = lane_of_hash(moved.lookup) and own.lookup = moved.lookup and own.contact_id = ${from}::uuid`);
}

/** What the living contact knows stays; what it does not know comes from the other. A restriction holds on. */
async function fillFacts(tx: Context, { into, from }: { into: string; from: string }, keys: Keys): Promise<void> {
  const [old] = await tx.db.execute<{ name: Buffer | null }>(sql`
    select name_sealed as name from contacts where lane = ${laneOf(from)}::smallint and id = ${from}::uuid`);
  const name = old?.name ? sealName(keys.intoKey, into, openName(keys.fromKey, from, old.name)) : null;
  await tx.db.execute(sql`
    update contacts as own set name_sealed = coalesce(own.name_sealed, ${name}::bytea),
      country = coalesce(own.country, old.country), language = coalesce(own.language, old.language),
      time_zone = coalesce(own.time_zone, old.time_zone), attributes = old.attributes || own.attributes,
      restricted_at = coalesce(own.restricted_at, old.restricted_at), updated_at = ${tx.now()}::timestamptz
    from contacts as old
    where old.lane = ${laneOf(from)}::smallint and old.id = ${from}::uuid
      and own.lane = ${laneOf(into)}::smallint and own.id = ${into}::uuid`);
}
