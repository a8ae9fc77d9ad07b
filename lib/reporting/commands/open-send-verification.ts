import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { VerificationCause } from "../send-verification";

/** Notes down that every send is to be verified anew. False: that is under way already, and one runs at a time. */
export async function openSendVerification(ctx: Context, { cause }: { cause: VerificationCause }): Promise<boolean> {
  authorize(ctx, "proof.read");
  const askedBy = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  const added = await ctx.db.execute(sql`
    insert into send_verifications (id, cause, asked_by, asked_at, state)
    values (${newId()}, ${cause}, ${askedBy}::uuid, ${ctx.now()}::timestamptz, 'waiting')
    on conflict do nothing returning id`);
  return added.length > 0;
}

/** The same when a campaign has been sent to its end since the last verification was asked for. */
export async function openDueVerification(ctx: Context): Promise<boolean> {
  authorize(ctx, "proof.read");
  const [row] = await ctx.db.execute<{ due: boolean }>(sql`
    select exists (
      select from campaigns where sending_ended_at > coalesce(
        (select max(asked_at) from send_verifications where state <> 'failed'), '-infinity'::timestamptz)
    ) as due`);
  return row?.due ? openSendVerification(ctx, { cause: "campaign" }) : false;
}
