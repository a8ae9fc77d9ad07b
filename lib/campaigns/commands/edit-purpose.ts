import { type ChangePurpose, changePurpose } from "@/lib/consent/commands/change-purpose";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { previewPurpose } from "../queries/preview-purpose";

/**
 * Changes a purpose. A higher age holds at once, also for what is being sent; a lower one would let campaigns write to people
 * whom nobody counted when they were approved, so it waits until none of them is on its way.
 *
 * @throws AppError("conflict", { field: "minAge", reason: "campaigns" })
 */
export async function editPurpose(ctx: Context, change: ChangePurpose): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    const { purposeId, minAge } = change;
    const { isLooser, campaigns } = await previewPurpose(tx, { purposeId, minAge });
    if (isLooser && campaigns.length > 0) throw new AppError("conflict", { field: "minAge", reason: "campaigns" });
    await changePurpose(tx, change);
  });
}
