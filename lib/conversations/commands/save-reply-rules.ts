import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { replayRulesJob } from "../jobs";
import type { ReplyRules } from "../reply-class";
import { rulesInForce, userOf } from "../store";

/**
 * New rules for sorting answers. Every answer that no person has sorted is sorted again by them, in the background; each version
 * is kept.
 *
 * @throws AppError("conflict") somebody saved others since this page was opened (`basedOn`)
 */
export async function saveReplyRules(
  ctx: Context,
  { basedOn, rules }: { basedOn: number; rules: ReplyRules },
): Promise<{ number: number }> {
  authorize(ctx, "conversation.reply");
  const savedBy = userOf(ctx);
  if (savedBy === null) throw new AppError("forbidden", { permission: "conversation.reply" });
  return transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('contraste reply rules'))`);
    const { number: current } = await rulesInForce(tx.db);
    if (current !== basedOn) throw new AppError("conflict", { field: "basedOn", reason: "changed" });
    const number = current + 1;
    await tx.db.execute(sql`
      insert into reply_rules (number, rules, saved_by, saved_at)
      values (${number}::int, ${JSON.stringify(rules)}::jsonb, ${savedBy}::uuid, ${tx.now()}::timestamptz)`);
    await audit(tx, "reply_rules.saved", { number });
    await enqueue(tx.db, replayRulesJob, {}, { key: replayRulesJob.name });
    return { number };
  });
}
