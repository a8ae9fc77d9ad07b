import { and, eq, isNull, sql } from "drizzle-orm";
import * as z from "zod";
import { killSwitches } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { isRole } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { judgeRelease } from "../release";
import { stopNotice } from "./stop-sending";

export const AskReleaseInput = z.object({ switchId: z.uuid(), reason: z.string().trim().min(1).max(500) });
export const ReleaseInput = z.object({ switchId: z.uuid() });

/**
 * The first of two people: why sending may go on. Nothing is sent yet. In solo mode the only person there is releases with
 * it at once.
 */
export async function askRelease(ctx: Context, { switchId, reason }: z.output<typeof AskReleaseInput>): Promise<void> {
  authorize(ctx, "kill_switch.release");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    await engaged(tx, switchId);
    const asked = { releaseReason: reason, releaseAskedBy: personId(tx), releaseAskedAt: tx.now() };
    await tx.db.update(killSwitches).set(asked).where(eq(killSwitches.id, switchId));
    await audit(tx, "kill_switch.release_asked", { reason }, switchId);
    if (await isSolo(tx)) await release(tx, switchId, "solo");
  });
}

/** The second of two people agrees, one of the two being compliance; from now on the gate lets messages through again. */
export async function releaseKillSwitch(ctx: Context, { switchId }: z.output<typeof ReleaseInput>): Promise<void> {
  authorize(ctx, "kill_switch.release");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    const { releaseAskedBy: askedBy } = await engaged(tx, switchId);
    if (!askedBy) throw new AppError("approval_required", { switchId });
    const verdict = judgeRelease({
      askedBy,
      askerRoles: await rolesOf(tx, askedBy),
      releaserId: personId(tx),
      releaserRoles: await rolesOf(tx, personId(tx)),
      isSolo: await isSolo(tx),
    });
    if (verdict === "same_person" || verdict === "compliance_missing") {
      throw new AppError("second_person_required", { reason: verdict });
    }
    await release(tx, switchId, verdict);
  });
}

async function engaged(tx: Context, switchId: string) {
  const [row] = await tx.db
    .select()
    .from(killSwitches)
    .where(and(eq(killSwitches.id, switchId), isNull(killSwitches.releasedAt)))
    .for("update");
  if (!row) throw new AppError("not_found", { switchId });
  return row;
}

async function release(tx: Context, switchId: string, signedBy: "two_people" | "solo"): Promise<void> {
  const [row] = await tx.db
    .update(killSwitches)
    .set({ releasedAt: tx.now(), releasedBy: personId(tx) })
    .where(eq(killSwitches.id, switchId))
    .returning();
  const { level = null, targetId = null, cause = null } = row ?? {};
  await audit(tx, "kill_switch.released", { level, targetId, cause, signedBy }, switchId);
  if (cause) await resolveNotice(tx, stopNotice(targetId ?? "installation", cause));
}

/** Roles as they are now: whoever lost the role since they asked does not count for it. */
async function rolesOf(tx: Context, userId: string) {
  const [row] = await tx.db.execute<{ roles: string[] }>(sql`
    select roles from users where id = ${userId}::uuid and disabled_at is null`);
  return (row?.roles ?? []).filter(isRole);
}

async function isSolo(tx: Context): Promise<boolean> {
  const [row] = await tx.db.execute<{ is_solo: boolean }>(sql`
    select solo_mode and (select count(*) from users where disabled_at is null and password_hash is not null) = 1 as is_solo
    from installation`);
  return row?.is_solo ?? false;
}

/** Only people release; who else gets this far is a program. */
function personId(ctx: Context): string {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { permission: "kill_switch.release" });
  return ctx.actor.userId;
}
