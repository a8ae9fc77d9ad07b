import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { isSolo, lockContacts } from "../store";
import type { RequestRemoval } from "../suppression";
import { liftSuppression } from "./lift-suppression";

/**
 * The first of two people: why a block should end (compliance/design.md 1.6). It holds until another officer has agreed; in
 * solo mode the only person there is ends it with this, and the log says so.
 *
 * @throws AppError("not_found") no such block; AppError("conflict") asked for already
 */
export async function requestRemoval(ctx: Context, asked: RequestRemoval): Promise<{ removalId: string }> {
  authorize(ctx, "suppression.remove");
  const askedBy = personId(ctx);
  return transaction(ctx, async (tx) => {
    const { kind, reason } = asked;
    const contactId = (await lockContacts(tx.db, [asked.contactId])).current(asked.contactId);
    const [block] = await tx.db.execute(sql`
      select 1 from contact_suppressions where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
        and kind = ${kind} and lifted_at is null`);
    if (!block) throw new AppError("not_found", { kind });
    const removalId = newId();
    const added = await tx.db.execute(sql`
      insert into suppression_removals (id, lane, contact_id, kind, reason, asked_by, asked_at)
      values (${removalId}, ${laneOf(contactId)}::smallint, ${contactId}, ${kind}, ${reason}, ${askedBy}, ${tx.now()}::timestamptz)
      on conflict do nothing returning id`);
    if (added.length === 0) throw new AppError("conflict", { kind });
    await audit(tx, "suppression.removal_asked", { removal: removalId, kind, reason }, contactId);
    if (await isSolo(tx.db)) await lift(tx, { removalId, contactId, kind, signedBy: "solo" });
    return { removalId };
  });
}

/**
 * The second of two people agrees, and the block ends; or disagrees, and it stays.
 *
 * @throws AppError("not_found"); AppError("conflict") decided before; AppError("second_person_required")
 */
export async function decideRemoval(
  ctx: Context,
  { removalId, decision }: { removalId: string; decision: "lifted" | "refused" },
): Promise<void> {
  authorize(ctx, "suppression.remove");
  const decidedBy = personId(ctx);
  await transaction(ctx, async (tx) => {
    const [row] = await tx.db.execute<{
      contact: string;
      kind: RequestRemoval["kind"];
      asked_by: string;
      decision: string | null;
    }>(
      sql`select contact_id as contact, kind, asked_by, decision from suppression_removals where id = ${removalId} for update`,
    );
    if (!row) throw new AppError("not_found", { removalId });
    if (row.decision !== null) throw new AppError("conflict", { decision: row.decision });
    if (row.asked_by === decidedBy) throw new AppError("second_person_required", { reason: "own_request" });
    const { contact: contactId, kind } = row;
    if (decision === "lifted") return lift(tx, { removalId, contactId, kind, signedBy: "two_people" });
    await close(tx, removalId, "refused");
    await audit(tx, "suppression.removal_refused", { removal: removalId, kind }, contactId);
  });
}

interface Signed {
  removalId: string;
  contactId: string;
  kind: RequestRemoval["kind"];
  signedBy: "two_people" | "solo";
}

async function lift(tx: Context, { removalId, contactId, kind, signedBy }: Signed): Promise<void> {
  await close(tx, removalId, "lifted");
  await liftSuppression(tx, { contactId, kind, because: removalId });
  await audit(tx, "suppression.removed", { removal: removalId, kind, signedBy }, contactId);
}

async function close(tx: Context, removalId: string, decision: "lifted" | "refused"): Promise<void> {
  await tx.db.execute(sql`
    update suppression_removals set decision = ${decision}, decided_by = ${personId(tx)}, decided_at = ${tx.now()}::timestamptz
    where id = ${removalId}`);
}

/** Only people sign; who else gets this far is a program. */
function personId(ctx: Context): string {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { permission: "suppression.remove" });
  return ctx.actor.userId;
}
