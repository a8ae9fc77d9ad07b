import { sql } from "drizzle-orm";
import { isAppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { askConsent } from "./ask-consent";

/** Questions of one round: they leave at the pace of the number, so more need not wait in its queue. */
const MOST_AT_ONCE = 200;

/**
 * Asks everybody whose agreement waits to be confirmed and who was not asked yet, for purposes that have a question: whatever
 * brought the request, a form, an import or a program. True when there may be more.
 */
export async function askWaiting(ctx: Context): Promise<boolean> {
  authorize(ctx, "job.run");
  const waiting = await ctx.db.execute<{
    contact_id: string;
    purpose_id: string;
    template_id: string;
    number_id: string;
  }>(sql`
    select s.contact_id, s.purpose_id, t.id as template_id, t.number_id
    from purposes p
    join templates t on t.id = p.question_template_id and t.status = 'APPROVED' and t.deleted_at is null
    join consent_state s on s.purpose_id = p.id and s.status = 'pending'
      and (s.pending_until is null or s.pending_until > ${ctx.now()}::timestamptz)
    join contacts k on k.lane = s.lane and k.id = s.contact_id
      and num_nonnulls(k.erased_at, k.restricted_at, k.merged_into) = 0
    cross join lateral (
      select e.id from consent_events e where e.lane = s.lane and e.contact_id = s.contact_id and e.purpose_id = s.purpose_id
        and e.type in ('requested', 'granted')
      order by e.occurred_at desc, e.id desc limit 1
    ) asked
    where not exists (select from messages m where m.lane = s.lane and m.contact_id = s.contact_id
      and m.kind = 'consent_request'
      and (m.ground_id = asked.id or (m.purpose_id = s.purpose_id and m.state in ('queued', 'sending'))))
    limit ${MOST_AT_ONCE}::int`);
  let planned = 0;
  for (const row of waiting) {
    const question = {
      contactId: row.contact_id,
      purposeId: row.purpose_id,
      templateId: row.template_id,
      numberId: row.number_id,
    };
    const answer = await askConsent(ctx, question).catch((error: unknown) => {
      if (!isAppError(error)) throw error;
      log.warn("sending.question_not_usable", { purposeId: row.purpose_id, templateId: row.template_id });
      return undefined;
    });
    if (answer === undefined) return false;
    if (answer.kind === "planned") planned += 1;
  }
  return planned === MOST_AT_ONCE;
}
