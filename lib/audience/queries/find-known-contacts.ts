import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type AttributeValue, type ContactName, openName } from "../contact";

/** What we hold about somebody whom a file names too. */
export interface KnownContact {
  contactId: string;
  name: ContactName | undefined;
  country: string | null;
  language: string | null;
  timeZone: string | null;
  attributes: Record<string, AttributeValue>;
  /** Lookups of all identifiers, in hex. */
  lookups: Set<string>;
}

interface Row extends Record<string, unknown> {
  lookup: string;
  id: string;
  name: Buffer | null;
  country: string | null;
  language: string | null;
  zone: string | null;
  attributes: Record<string, AttributeValue>;
  lookups: string[];
}

/**
 * The contacts behind these lookups, by lookup in hex. Erased people are not found: whoever returns is a new contact. Nor does
 * a number find whoever gave it up.
 */
export async function findKnownContacts(ctx: Context, lookups: readonly Buffer[]): Promise<Map<string, KnownContact>> {
  authorize(ctx, "import.read");
  if (lookups.length === 0) return new Map();
  const rows = await ctx.db.execute<Row>(sql`
    select encode(found.lookup, 'hex') as lookup, contacts.id, contacts.name_sealed as name, contacts.country,
      contacts.language, contacts.time_zone as zone, contacts.attributes,
      array(select encode(own.lookup, 'hex') from contact_identifiers as own
        where own.lane = contacts.lane and own.contact_id = contacts.id) as lookups
    from unnest(${array(lookups, "bytea")}) as wanted (lookup)
    join identifier_index as found on found.lane = lane_of_hash(wanted.lookup) and found.lookup = wanted.lookup
    join contacts on contacts.lane = lane_of(found.contact_id) and contacts.id = found.contact_id
    left join contact_identifiers as former on former.lane = contacts.lane and former.contact_id = contacts.id
      and former.kind = found.kind and former.lookup = found.lookup and former.kind in ('phone', 'wa_id')
    where contacts.erased_at is null and former.former_at is null`);
  const keys = await ctx.keys.keysOf(rows.map((row) => row.id));
  const known = new Map<string, KnownContact>();
  for (const row of rows) {
    const key = keys.get(row.id);
    if (!key) continue; // a contact without a key reads as erased
    known.set(row.lookup, {
      contactId: row.id,
      name: row.name ? openName(key, row.id, row.name) : undefined,
      country: row.country,
      language: row.language,
      timeZone: row.zone,
      attributes: row.attributes,
      lookups: new Set(row.lookups),
    });
  }
  return known;
}
