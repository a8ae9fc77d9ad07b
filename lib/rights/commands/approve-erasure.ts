import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { enqueue } from "@/lib/jobs/enqueue";
import { eraseJob } from "../jobs";
import { blockedUntil, requestCan } from "../request";
import { isSolo, personOf, requestForUpdate, setRequest } from "../store";

/**
 * The second person: from here on it cannot be taken back. The worker erases at once.
 *
 * @throws AppError second_person_required for whoever opened the request or checked the identity, except in solo mode
 */
export async function approveErasure(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.erase");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.approveErasure);
    const person = personOf(tx);
    const isOwn = person === row.openedBy || person === row.identityCheckedBy;
    const solo = isOwn && (await isSolo(tx));
    if (isOwn && !solo) throw new AppError("second_person_required", { reason: "own_request" });
    const blockUntil = blockedUntil(row.jurisdiction, tx.now());
    const approval = { approvedBy: person, approvedAt: tx.now(), isSolo: solo };
    await setRequest(tx, requestId, { ...approval, status: "erasing", blockUntil });
    await audit(
      tx,
      "rights.erasure_approved",
      { isSolo: solo, blockUntil: blockUntil?.toISOString() ?? null },
      requestId,
    );
    await enqueue(tx.db, eraseJob, { requestId }, { key: `rights.erase ${requestId}` });
  });
}
