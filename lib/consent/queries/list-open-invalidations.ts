import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { reasonPlace } from "../invalidation";
import { contactPairs } from "../store";

export interface OpenInvalidation {
  id: string;
  purposeId: string;
  purposeName: string;
  reason: string;
  askedBy: string;
  askedById: string;
  askedAt: Date;
}

/** What waits for a second officer about one person's consents, also from before they were merged; oldest first. */
export async function listOpenInvalidations(
  ctx: Context,
  { contactId }: { contactId: string },
): Promise<OpenInvalidation[]> {
  authorize(ctx, "consent.read");
  const merged = await ctx.db.execute<{ id: string }>(
    sql`select id from contacts where merged_into = ${contactId}::uuid`,
  );
  const contactIds = [contactId, ...merged.map(({ id }) => id)];
  const rows = await ctx.db.execute<{
    id: string;
    contact: string;
    purpose: string;
    name: string;
    reason: Buffer;
    asker: string;
    asked_by: string;
    at: string;
  }>(sql`
    select asked.id, asked.contact_id as contact, asked.purpose_id as purpose, purposes.name, asked.reason_sealed as reason,
      users.name as asker, asked.asked_by, asked.asked_at as at
    from ${contactPairs(contactIds)} as wanted (lane, id)
    join consent_invalidations as asked on asked.lane = wanted.lane and asked.contact_id = wanted.id
    join purposes on purposes.id = asked.purpose_id
    join users on users.id = asked.asked_by
    where asked.decision is null order by asked.asked_at, asked.id`);
  const keys = await ctx.keys.keysOf([...new Set(rows.map(({ contact }) => contact))]);
  return rows.flatMap(({ id, contact, purpose, name, reason, asker, asked_by, at }) => {
    const key = keys.get(contact);
    if (!key) return []; // erased since: nobody is left to be written to
    return [
      {
        id,
        purposeId: purpose,
        purposeName: name,
        reason: open(key, reason, reasonPlace(id)).toString("utf8"),
        askedBy: asker,
        askedById: asked_by,
        askedAt: new Date(at),
      },
    ];
  });
}
