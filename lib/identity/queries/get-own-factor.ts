import { and, eq, isNotNull } from "drizzle-orm";
import { secondFactors } from "@/db/schema/identity";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { personOf, recoveryCodesLeft } from "../factor/store";
import { isFactorRequired } from "../second-factor";
import { getInstallation } from "./get-installation";

export interface OwnFactor {
  /** Since when the app is asked for; undefined: there is none. */
  since: Date | undefined;
  recoveryCodesLeft: number;
  /** Whether the person's role may do without. */
  isRequired: boolean;
}

/** The second factor of the person who asks. */
export async function getOwnFactor(ctx: Context): Promise<OwnFactor> {
  authorize(ctx, "own_factor.manage");
  const { userId, roles } = personOf(ctx);
  const [row] = await ctx.db
    .select({ since: secondFactors.confirmedAt })
    .from(secondFactors)
    .where(and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt)));
  const { mode } = await getInstallation(ctx);
  return {
    since: row?.since ?? undefined,
    recoveryCodesLeft: await recoveryCodesLeft(ctx, userId),
    isRequired: isFactorRequired({ mode, roles }),
  };
}
