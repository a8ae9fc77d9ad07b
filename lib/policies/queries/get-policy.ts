import { desc, eq, sql } from "drizzle-orm";
import { policyVersions } from "@/db/schema/policies";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { PolicyRules } from "../policy";
import { readRules } from "../store";

export interface Policy {
  id: string;
  number: number;
  rules: PolicyRules;
  note: string;
  effectiveAt: Date;
}

/** The rules of sending in force now; undefined where there are none, and then nothing is sent. */
export async function getPolicyInForce(ctx: Context): Promise<Policy | undefined> {
  authorize(ctx, "policy.read");
  const [row] = await ctx.db
    .select()
    .from(policyVersions)
    .where(eq(policyVersions.id, sql`policy_in_force(${ctx.now()}::timestamptz)`));
  return row && toPolicy(row);
}

export interface PolicyVersionView {
  id: string;
  number: number;
  note: string;
  /** What would be in force; only of a version that nobody has decided yet. */
  rules: PolicyRules | null;
  /** Null: shipped with the product. */
  proposedBy: { id: string; name: string } | null;
  proposedAt: Date;
  effectiveAt: Date;
  decision: "approved" | "refused" | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

/** Every version there was, newest first. */
export async function listPolicyVersions(ctx: Context): Promise<PolicyVersionView[]> {
  authorize(ctx, "policy.read");
  const rows = await ctx.db
    .select({
      version: policyVersions,
      proposer: sql<string | null>`(select name from users where id = ${policyVersions.proposedBy})`,
      decider: sql<string | null>`(select name from users where id = ${policyVersions.decidedBy})`,
    })
    .from(policyVersions)
    .orderBy(desc(policyVersions.number));
  return rows.map(({ version, proposer, decider }) => ({
    id: version.id,
    number: version.number,
    note: version.note,
    rules: version.decision === null ? readRules(version.rules) : null,
    proposedBy: version.proposedBy === null ? null : { id: version.proposedBy, name: proposer ?? "" },
    proposedAt: version.proposedAt,
    effectiveAt: version.effectiveAt,
    decision: version.decision,
    decidedBy: decider,
    decidedAt: version.decidedAt,
  }));
}

function toPolicy(row: typeof policyVersions.$inferSelect): Policy {
  const { id, number, note, effectiveAt } = row;
  return { id, number, note, effectiveAt, rules: readRules(row.rules) };
}
