import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ReplyRules } from "../reply-class";
import { rulesInForce } from "../store";

export interface ReplyRulesView {
  number: number;
  rules: ReplyRules;
  /** Null: the shipped ones. */
  savedBy: string | null;
  savedAt: Date | null;
  /** Answers that were last sorted by older rules and wait for these. */
  waiting: number;
  /** Answers that a person sorted; rules leave them alone. */
  corrected: number;
}

/** The rules that sort answers, who wrote them, and how far they have been applied. */
export async function getReplyRules(ctx: Context): Promise<ReplyRulesView> {
  authorize(ctx, "conversation.read");
  const { number, rules } = await rulesInForce(ctx.db);
  const [saved] = await ctx.db.execute<{ name: string; at: string }>(sql`
    select u.name, r.saved_at as at from reply_rules r join users u on u.id = r.saved_by where r.number = ${number}::int`);
  const [counts] = await ctx.db.execute<{ waiting: number; corrected: number }>(sql`
    select (select count(*) from inbound_messages where class_by = 'rules' and class_rules < ${number}::int)::int as waiting,
      (select count(*) from inbound_messages where class_by = 'person')::int as corrected`);
  return {
    number,
    rules,
    savedBy: saved?.name ?? null,
    savedAt: saved ? new Date(saved.at) : null,
    waiting: counts?.waiting ?? 0,
    corrected: counts?.corrected ?? 0,
  };
}
