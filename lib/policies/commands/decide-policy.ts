import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { policyVersions } from "@/db/schema/policies";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { rulesHash } from "../rules-hash";
import { readRules, writeOut } from "../store";

/**
 * A compliance officer other than whoever proposed it approves a version or refuses it. Approved, it is in force from its
 * time on, at once where that has passed; it never reaches back.
 *
 * @throws AppError("not_found"); AppError("conflict") when it was decided before, or when other rules were approved since it
 *   was proposed, which it would undo; AppError("second_person_required")
 */
export async function decidePolicy(
  ctx: Context,
  { versionId, decision }: { versionId: string; decision: "approved" | "refused" },
): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    const [version] = await tx.db.select().from(policyVersions).where(eq(policyVersions.id, versionId)).for("update");
    if (!version) throw new AppError("not_found");
    if (version.decision !== null) throw new AppError("conflict", { decision: version.decision });
    const decidedBy = tx.actor.kind === "user" ? tx.actor.userId : null;
    if (decidedBy === null || decidedBy === version.proposedBy) {
      throw new AppError("second_person_required", { reason: decidedBy === null ? "not_a_person" : "own_proposal" });
    }
    if (decision === "approved" && (await hasNewer(tx, version.proposedAt))) {
      throw new AppError("conflict", { reason: "rules_changed_since" });
    }
    const rules = readRules(version.rules);
    const now = tx.now();
    await tx.db
      .update(policyVersions)
      .set({ decision, decidedBy, decidedAt: now, effectiveAt: latest(version.effectiveAt, now) })
      .where(and(eq(policyVersions.id, versionId), isNull(policyVersions.decision)));
    if (decision === "approved") await writeOut(tx, versionId, rules);
    await audit(tx, `policy.${decision}`, { number: version.number, rules: rulesHash(rules) }, versionId);
  });
}

/** A version is complete in itself: what was approved after it was written is not in it. */
async function hasNewer(tx: Context, proposedAt: Date): Promise<boolean> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('policy versions'))`);
  const newer = await tx.db
    .select({ id: policyVersions.id })
    .from(policyVersions)
    .where(and(eq(policyVersions.decision, "approved"), gt(policyVersions.decidedAt, proposedAt)))
    .limit(1);
  return newer.length > 0;
}

function latest(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()));
}
