import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { lockContacts } from "../store";
import type { DecideReview } from "../suppression";
import { liftSuppression } from "./lift-suppression";
import { withdrawConsent } from "./withdraw-consent";

/**
 * An officer has read what somebody wrote (compliance/design.md 1.5): it was a refusal, and they are opted out of all
 * marketing as of their message; or it was not, and the pause ends.
 *
 * @throws AppError("not_found") nothing of this person waits
 */
export async function decideReview(ctx: Context, { contactId: asked, decision, reason }: DecideReview): Promise<void> {
  authorize(ctx, "consent.withdraw");
  await transaction(ctx, async (tx) => {
    const contactId = (await lockContacts(tx.db, [asked])).current(asked);
    const [block] = await tx.db.execute<{ since: string }>(sql`
      select since from contact_suppressions where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
        and kind = 'review' and lifted_at is null`);
    if (!block) throw new AppError("not_found", { contactId });
    const { eventId } = await audit(tx, "review.decided", { decision, reason }, contactId);
    if (decision === "opt_out") {
      const refusal = { contactId, occurredAt: new Date(block.since), source: "agent_attest", by: null } as const;
      const evidence = { note: reason };
      await withdrawConsent(tx, { withdrawals: [{ ...refusal, idempotencyKey: `review:${eventId}`, evidence }] });
    }
    await liftSuppression(tx, { contactId, kind: "review", because: eventId });
  });
}
