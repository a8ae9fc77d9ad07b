import { policyVersions } from "@/db/schema/policies";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { ProposedPolicy } from "../policy";
import { rulesHash } from "../rules-hash";
import { nextNumber, unknownZones } from "../store";

/**
 * Puts a new version of the rules before a compliance officer. Nothing changes until it is approved.
 *
 * @throws AppError("invalid_input", { field, reason: "unknown_zone" }) for a zone that the database does not know
 */
export async function proposePolicy(
  ctx: Context,
  { rules, note, effectiveAt }: ProposedPolicy,
): Promise<{ versionId: string }> {
  authorize(ctx, "policy.propose");
  return transaction(ctx, async (tx) => {
    const [unknown] = await unknownZones(tx, rules);
    if (unknown) throw new AppError("invalid_input", { field: "zones", reason: "unknown_zone", zone: unknown });
    const number = await nextNumber(tx);
    const versionId = newId();
    await tx.db.insert(policyVersions).values({
      id: versionId,
      number,
      rules,
      note,
      proposedBy: tx.actor.kind === "user" ? tx.actor.userId : null,
      proposedAt: tx.now(),
      effectiveAt: effectiveAt ?? tx.now(),
    });
    await audit(tx, "policy.proposed", { number, rules: rulesHash(rules), note }, versionId);
    return { versionId };
  });
}
