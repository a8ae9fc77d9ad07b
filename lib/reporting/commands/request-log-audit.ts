import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { LOG_AUDIT_KEY, runLogAuditJob } from "../jobs";
import { openLogAudit } from "./open-log-audit";

/**
 * A person asks that the whole log be recomputed, in the background. Asked for while that is under way, it is that one; its job
 * is put into the queue again all the same, so that one whose worker is gone goes on.
 */
export async function requestLogAudit(ctx: Context): Promise<void> {
  authorize(ctx, "proof.read");
  await transaction(ctx, async (tx) => {
    await openLogAudit(tx);
    await enqueue(tx.db, runLogAuditJob, {}, { key: LOG_AUDIT_KEY });
  });
}
