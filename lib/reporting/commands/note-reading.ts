import { sql } from "drizzle-orm";
import { audit } from "@/lib/identity/audit";
import { authorize, may } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

/** What was looked at: a person's history, the proof of a message to them, entries of the log opened, the search for them, what
 * people wrote to us. */
export type Reading =
  | "person.viewed"
  | "proof.viewed"
  | "entry.opened"
  | "person.searched"
  | "suppressions.viewed"
  | "sample.viewed"
  | "replies.viewed"
  | "conversation.viewed"
  | "inbound_file.opened";

/** A page that is loaded again within this time is the same reading. Business time. */
const SAME_MINUTES = 10;

/**
 * Every read of personal data is itself an event (compliance/design.md 4): who looked at what, and when. Call it before the
 * data is shown; when it cannot be written down, nothing is shown.
 */
export async function noteReading(
  ctx: Context,
  { what, subject }: { what: Reading; subject: string | null },
): Promise<void> {
  if (!may(ctx.actor, "consent.read")) authorize(ctx, "conversation.read");
  if (ctx.actor.kind !== "user") return;
  const { userId } = ctx.actor;
  const since = new Date(ctx.now().getTime() - SAME_MINUTES * 60_000);
  await transaction(ctx, async (tx) => {
    const known = await tx.db.execute(sql`
      select 1 from audit_events where at > ${since}::timestamptz and type = ${what} and actor_id = ${userId}
        and subject is not distinct from ${subject}::text limit 1`);
    if (known.length === 0) await audit(tx, what, {}, subject);
  });
}
