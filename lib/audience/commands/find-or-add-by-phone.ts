import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf, newContactId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { canonicalIdentifier, type Identifier, lookupOf, sealIdentifier } from "../identifier";

interface Newcomer {
  id: string;
  lookup: Buffer;
  identifier: Identifier;
}

/**
 * The contacts behind phone numbers that wrote to us, by the number as given. Who is not known yet is added with that
 * number alone, so that even a stranger's STOP is kept (compliance 1.4). What is no phone number is absent.
 */
export async function findOrAddByPhone(ctx: Context, phones: readonly string[]): Promise<Map<string, string>> {
  authorize(ctx, "consent.record");
  const wanted = new Map<string, Identifier>();
  for (const phone of phones) {
    const identifier = canonicalIdentifier("phone", phone);
    if (identifier) wanted.set(phone, identifier);
  }
  if (wanted.size === 0) return new Map();
  return transaction(ctx, async (tx) => {
    const lookups = new Map(
      [...wanted].map(([phone, identifier]) => [phone, lookupOf(tx.secrets.lookupKey, identifier)]),
    );
    const known = await find(tx, [...lookups.values()]);
    const missing = [...wanted].flatMap(([phone, identifier]): Newcomer[] => {
      const lookup = lookups.get(phone);
      return lookup && !known.has(lookup.toString("hex")) ? [{ id: newContactId(), lookup, identifier }] : [];
    });
    if (missing.length > 0) {
      await add(tx, missing);
      for (const [hex, id] of await find(tx, [...lookups.values()])) known.set(hex, id); // another process may have been first
    }
    return new Map(
      [...lookups].flatMap(([phone, lookup]) => {
        const id = known.get(lookup.toString("hex"));
        return id ? [[phone, id] as const] : [];
      }),
    );
  });
}

async function find(tx: Context, lookups: readonly Buffer[]): Promise<Map<string, string>> {
  const rows = await tx.db.execute<{ lookup: Buffer; id: string }>(sql`
    select i.lookup, i.contact_id as id from unnest(${array([...lookups], "bytea")}) as l(lookup)
    join identifier_index i on i.lane = lane_of_hash(l.lookup) and i.lookup = l.lookup`);
  return new Map(rows.map((row) => [row.lookup.toString("hex"), row.id]));
}

async function add(tx: Context, newcomers: readonly Newcomer[]): Promise<void> {
  const keys = await tx.keys.createKeys(newcomers.map((one) => one.id)); // the key first, the contact after
  const claimed = await tx.db.execute<{ id: string }>(sql`
    insert into identifier_index (lane, lookup, kind, contact_id, created_at)
    select lane_of_hash(n.lookup), n.lookup, 'phone', n.id, ${tx.now()}::timestamptz
    from unnest(${array(
      newcomers.map((one) => one.id),
      "uuid",
    )}, ${array(
      newcomers.map((one) => one.lookup),
      "bytea",
    )}) as n(id, lookup)
    on conflict do nothing returning contact_id as id`);
  const ids = new Set(claimed.map((row) => row.id));
  const rows = newcomers.filter((one) => ids.has(one.id));
  if (rows.length === 0) return;
  const idArray = array(
    rows.map((one) => one.id),
    "uuid",
  );
  const lanes = array(
    rows.map((one) => laneOf(one.id)),
    "smallint",
  );
  await tx.db.execute(sql`
    insert into contacts (lane, id, created_at, updated_at)
    select n.lane, n.id, ${tx.now()}::timestamptz, ${tx.now()}::timestamptz from unnest(${lanes}, ${idArray}) as n(lane, id)`);
  const sealed = rows.map((one) => {
    const key = keys.get(one.id);
    if (!key) throw new Error("the key store did not keep a new contact's key");
    return sealIdentifier(key, one.id, one.identifier);
  });
  await tx.db.execute(sql`
    insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
    select n.lane, n.id, 'phone', n.lookup, n.sealed, ${tx.now()}::timestamptz
    from unnest(${lanes}, ${idArray}, ${array(
      rows.map((one) => one.lookup),
      "bytea",
    )}, ${array(sealed, "bytea")}) as n(lane, id, lookup, sealed)`);
}
