import { eq } from "drizzle-orm";
import * as z from "zod";
import { rightsBlockedAccesses } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import type { AccessPackage } from "../package";
import { collectPackage } from "../queries/collect-package";
import { contactsOf, personOf } from "../store";

/** For whom blocked data may be opened (LOPDGDD 32.2): courts, prosecutors, authorities, and claims from the processing. */
export const AskBlockedInput = z.object({
  contactId: z.uuid(),
  ground: z.enum(["court", "prosecutor", "authority", "claim"]),
  /** Of the demand: number of the file or of the letter. Not in the log. */
  reference: z.string().trim().min(1).max(200),
});

const OPEN_HOURS = 24;
const HOUR_MS = 3_600_000;

/** The first of two people: on which ground blocked data should be read. @throws AppError not_found when none is blocked */
export async function askBlockedAccess(
  ctx: Context,
  { contactId, ground, reference }: z.output<typeof AskBlockedInput>,
): Promise<{ accessId: string }> {
  authorize(ctx, "rights.erase");
  const blocked = await ctx.keys.blockedKeysOf([contactId]);
  if (blocked.size === 0) throw new AppError("not_found", { contactId });
  return transaction(ctx, async (tx) => {
    const accessId = newId();
    const asked = { askedBy: personOf(tx), askedAt: tx.now() };
    await tx.db.insert(rightsBlockedAccesses).values({ id: accessId, contactId, ground, reference, ...asked });
    await audit(tx, "rights.blocked_access_asked", { ground, contact: contactId }, accessId);
    return { accessId };
  });
}

/** The second one agrees: for a day the data can be read. @throws AppError second_person_required */
export async function allowBlockedAccess(ctx: Context, { accessId }: { accessId: string }): Promise<void> {
  authorize(ctx, "rights.erase");
  await requireRecentFactor(ctx);
  await transaction(ctx, async (tx) => {
    const accesses = rightsBlockedAccesses;
    const [row] = await tx.db.select().from(accesses).where(eq(accesses.id, accessId)).for("update");
    if (!row) throw new AppError("not_found", { accessId });
    if (row.allowedAt) throw new AppError("conflict", { status: "allowed" });
    const allowedBy = personOf(tx);
    if (allowedBy === row.askedBy) throw new AppError("second_person_required", { reason: "own_request" });
    const expiresAt = new Date(tx.now().getTime() + OPEN_HOURS * HOUR_MS);
    await tx.db.update(accesses).set({ allowedBy, allowedAt: tx.now(), expiresAt }).where(eq(accesses.id, accessId));
    await audit(tx, "rights.blocked_access_allowed", { ground: row.ground, contact: row.contactId }, accessId);
  });
}

/** What is blocked, in clear, for one of the two people. Each look is logged. @throws AppError approval_required */
export async function readBlocked(ctx: Context, { accessId }: { accessId: string }): Promise<AccessPackage> {
  authorize(ctx, "rights.erase");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const accesses = rightsBlockedAccesses;
    const [row] = await tx.db.select().from(accesses).where(eq(accesses.id, accessId));
    const person = personOf(tx);
    if (!row || (person !== row.askedBy && person !== row.allowedBy)) throw new AppError("not_found", { accessId });
    if (!row.expiresAt || row.expiresAt <= tx.now()) throw new AppError("approval_required", { accessId });
    const blocked = await tx.keys.blockedKeysOf(await contactsOf(tx, row.contactId));
    await audit(tx, "rights.blocked_read", { ground: row.ground, contact: row.contactId }, accessId);
    const keys = { ...tx.keys, keysOf: async () => blocked };
    return collectPackage({ ...tx, now: () => tx.now(), keys }, row.contactId);
  });
}
