import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { type Context, transaction } from "@/lib/identity/context";
import { authorizeWithdrawal } from "../authorize-withdrawal";
import type { SuppressionKind } from "../suppression";
import { suppress } from "./suppress";

export interface NumbersToBlock {
  /** Keyed hashes: numbers themselves are not kept. */
  lookups: readonly Buffer[];
  kind: SuppressionKind;
  scope: "all_marketing" | "all";
}

/**
 * Blocks whoever has these numbers, now or one day: the hashes, and the contacts that are known by one of them. A block that is
 * active already keeps its beginning.
 *
 * @returns how many hashes were not blocked so before, and how many contacts are theirs
 */
export async function blockNumbers(
  ctx: Context,
  { lookups, kind, scope }: NumbersToBlock,
): Promise<{ added: number; contacts: string[] }> {
  authorizeWithdrawal(ctx);
  if (lookups.length === 0) return { added: 0, contacts: [] };
  const unique = [...new Map(lookups.map((lookup) => [lookup.toString("hex"), lookup])).values()];
  unique.sort((one, other) => one.compare(other)); // one order for all writers
  return transaction(ctx, async (tx) => {
    const since = tx.now();
    const added = await tx.db.execute(sql`
      insert into suppression_lookups as block (lane, lookup, kind, scope, since)
      select lane_of_hash(lookup), lookup, ${kind}, ${scope}, ${since}::timestamptz
      from unnest(${array(unique, "bytea")}) as given (lookup)
      on conflict (lane, lookup, kind) do update set since = excluded.since, scope = excluded.scope, until = null, lifted_at = null
      where block.lifted_at is not null or block.until is not null or (block.scope = 'all_marketing' and excluded.scope = 'all')
      returning 1 as one`);
    const contacts = await ownersOf(tx, unique);
    await suppress(tx, {
      suppressions: contacts.map((contactId) => ({ contactId, kind, scope, since })),
      batch: { lane: 0, ref: newId() },
    });
    return { added: added.length, contacts };
  });
}

/** Whose these hashes are; a number that was given up is nobody's. */
async function ownersOf(tx: Context, lookups: readonly Buffer[]): Promise<string[]> {
  const rows = await tx.db.execute<{ id: string }>(sql`
    select distinct coalesce(contacts.merged_into, contacts.id) as id
    from unnest(${array(lookups, "bytea")}) as given (lookup)
    join identifier_index as found on found.lane = lane_of_hash(given.lookup) and found.lookup = given.lookup
    join contacts on contacts.lane = lane_of(found.contact_id) and contacts.id = found.contact_id
    left join contact_identifiers as own on own.lane = contacts.lane and own.contact_id = contacts.id
      and own.kind = found.kind and own.lookup = found.lookup
    where contacts.erased_at is null and (own.former_at is null or found.kind not in ('phone', 'wa_id'))`);
  return rows.map(({ id }) => id);
}
