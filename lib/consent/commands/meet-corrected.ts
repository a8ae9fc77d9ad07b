import { systemActor } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import { actingAs, type Context } from "@/lib/identity/context";
import { meetSuppressions } from "./suppress";

/**
 * Somebody's identifier was corrected by an officer: blocks that lie on it hold for them, and theirs for it. Inside the
 * transaction that corrected it. The officer decides nothing about consent here, so it is done as the worker would.
 */
export async function meetCorrected(tx: Context, contactId: string): Promise<void> {
  authorize(tx, "rights.handle");
  await meetSuppressions(actingAs(tx, systemActor("worker")), [contactId]);
}
