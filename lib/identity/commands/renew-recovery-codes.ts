import { AppError } from "@/lib/foundation/errors";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { hasFactor, personOf, replaceRecoveryCodes } from "../factor/store";
import { requireRecentFactor } from "../recent-factor";

/** Ten new recovery codes; the old ones stop working. Shown once. */
export async function renewRecoveryCodes(ctx: Context): Promise<string[]> {
  authorize(ctx, "own_factor.manage");
  await requireRecentFactor(ctx);
  const { userId } = personOf(ctx);
  return transaction(ctx, async (tx) => {
    if (!(await hasFactor(tx, userId))) throw new AppError("not_found", { what: "factor" });
    await audit(tx, "factor.recovery_codes_renewed", {}, userId);
    return replaceRecoveryCodes(tx, userId);
  });
}
