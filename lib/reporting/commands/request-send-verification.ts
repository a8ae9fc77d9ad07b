import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { runSendVerificationJob } from "../jobs";
import { openSendVerification } from "./open-send-verification";

/**
 * A person asks that every send be verified anew, in the background. Asked for while one is under way, it is that one; its job
 * is put into the queue again all the same, so that one whose worker is gone goes on.
 */
export async function requestSendVerification(ctx: Context): Promise<void> {
  authorize(ctx, "proof.read");
  await transaction(ctx, async (tx) => {
    await openSendVerification(tx, { cause: "person" });
    await enqueue(tx.db, runSendVerificationJob, {}, { key: "reporting.verify_sends" });
  });
}
