import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { deleteFactor, personOf } from "../factor/store";
import { getInstallation } from "../queries/get-installation";
import { requireRecentFactor } from "../recent-factor";
import { isFactorRequired } from "../second-factor";

/** Takes the person's own app away, where their role may do without. Whoever changes phones sets the new one up after it. */
export async function removeFactor(ctx: Context): Promise<void> {
  authorize(ctx, "own_factor.manage");
  await requireRecentFactor(ctx);
  const { userId, roles } = personOf(ctx);
  await transaction(ctx, async (tx) => {
    const { mode } = await getInstallation(tx);
    if (isFactorRequired({ mode, roles })) throw new AppError("factor_required", { reason: "role" });
    if (await deleteFactor(tx, userId)) await audit(tx, "factor.removed", {}, userId);
  });
}
