import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { lookupOf } from "@/lib/audience/identifier";

/** As Meta names whom a message went to. */
export interface Recipient {
  waId: string;
  userId: string;
}

const ROWS_A_STATEMENT = 5_000;

/**
 * Gives everybody who got a message a number and a user id of their own, known here as after their first message: a status
 * then makes intake look up both, and teaches it nothing.
 */
export async function knownRecipients(db: Db, lookupKey: Buffer): Promise<ReadonlyMap<string, Recipient>> {
  const messages = await db.execute<{ wamid: string; contact_id: string }>(sql`
    select wamid, contact_id from messages order by lane, id`);
  const found = new Map<string, Recipient>();
  for (let from = 0; from < messages.length; from += ROWS_A_STATEMENT) {
    const rows = messages.slice(from, from + ROWS_A_STATEMENT).flatMap(({ wamid, contact_id: contactId }, n) => {
      const waId = String(34_600_000_000 + from + n);
      const userId = `ES.1${String(from + n).padStart(19, "0")}`;
      found.set(wamid, { waId, userId });
      return [
        { contactId, kind: "phone" as const, value: `+${waId}` },
        { contactId, kind: "bsuid" as const, value: userId },
      ];
    });
    await db.execute(sql`
      with known as (
        select * from unnest(${array(
          rows.map(({ contactId }) => contactId),
          "uuid",
        )}, ${array(
          rows.map(({ kind }) => kind),
          "text",
        )}, ${array(
          rows.map((row) => lookupOf(lookupKey, row)),
          "bytea",
        )}) as k(contact_id, kind, lookup)
      ), indexed as (
        insert into identifier_index (lane, lookup, kind, contact_id, created_at)
        select lane_of_hash(lookup), lookup, kind, contact_id, now() from known
      )
      insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
      select lane_of(contact_id), contact_id, kind, lookup, '\\x00', now() from known`);
  }
  return found;
}
