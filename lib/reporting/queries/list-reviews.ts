import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const SHOWN = 100;

export interface ReviewView {
  contactId: string;
  /** Masked; null where there is none. */
  phone: string | null;
  since: Date;
  /** Marketing rests until then; past: nobody decided in time, and what was written still waits to be read. */
  until: Date | null;
  /** `reply`: an unclear answer of theirs; `identity`: what Meta told about who they are contradicts what we hold. */
  why: "reply" | "identity";
}

/** Whoever waits for somebody to read what they wrote, the longest wait first. */
export async function listReviews(ctx: Context): Promise<ReviewView[]> {
  authorize(ctx, "consent.read");
  const rows = await ctx.db.execute<{
    contact: string;
    since: string;
    until: string | null;
    is_reply: boolean;
    phone: Buffer | null;
  }>(sql`
    select block.contact_id as contact, block.since, block.until,
      exists (select from inbound_messages m where m.lane = block.lane and m.contact_id = block.contact_id
        and (m.classification = 'review' or (m.class_by = 'person' and m.reply_class = 'opt_out'))) as is_reply,
      (select i.sealed from contact_identifiers i where i.lane = block.lane and i.contact_id = block.contact_id
        and i.kind = 'phone' and i.former_at is null order by i.created_at desc limit 1) as phone
    from contact_suppressions block where block.kind = 'review' and block.lifted_at is null
    order by block.since, block.contact_id limit ${SHOWN}::int`);
  const keys = await ctx.keys.keysOf(rows.map(({ contact }) => contact));
  return rows.map(({ contact: contactId, since, until, is_reply: isReply, phone }) => {
    const key = keys.get(contactId);
    return {
      contactId,
      phone: key && phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: phone })) : null,
      since: new Date(since),
      until: until === null ? null : new Date(until),
      why: isReply ? "reply" : "identity",
    };
  });
}
