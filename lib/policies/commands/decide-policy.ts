import { and, eq, isNull } from "drizzle-orm";
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
 * @throws AppError("not_found"); AppError("conflict") when it was decided before; AppError("second_person_required")
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

function latest(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()));
}
