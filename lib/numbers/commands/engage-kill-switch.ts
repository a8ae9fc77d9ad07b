import * as z from "zod";
import { killSwitches } from "@/db/schema/numbers";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const EngageKillSwitchInput = z.discriminatedUnion("level", [
  z.object({ level: z.literal("installation"), reason: z.string().trim().min(1).max(500) }),
  z.object({ level: z.enum(["number", "campaign"]), targetId: z.uuid(), reason: z.string().trim().min(1).max(500) }),
]);
export type EngageKillSwitchInput = z.infer<typeof EngageKillSwitchInput>;

/** Why the product stops campaigns or everything by itself; numbers have causes of their own (stops.ts). */
export type OwnCause = "opt_out_rate" | "failure_rate" | "clock_skew";

/**
 * Stops sending at once (compliance 3.3): no request begins more than two seconds after this commits. `cause`: nobody did it,
 * the product found this.
 */
export async function engageKillSwitch(
  ctx: Context,
  input: EngageKillSwitchInput,
  { cause = null }: { cause?: OwnCause | null } = {},
): Promise<string> {
  authorize(ctx, "kill_switch.engage");
  const id = newId();
  const targetId = input.level === "installation" ? null : input.targetId;
  const engagedBy = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  await transaction(ctx, async (tx) => {
    await tx.db
      .insert(killSwitches)
      .values({ id, level: input.level, targetId, reason: input.reason, cause, engagedBy, engagedAt: tx.now() });
    await audit(tx, "kill_switch.engaged", { level: input.level, targetId, ...(cause && { cause }) }, id);
  });
  return id;
}
