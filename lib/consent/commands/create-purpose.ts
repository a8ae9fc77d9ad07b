import * as z from "zod";
import { purposes } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const CreatePurpose = z.object({
  brandId: z.uuid(),
  key: z.string().regex(/^[a-z0-9_]{1,40}$/),
  name: z.string().trim().min(1).max(120),
  category: z.enum(["MARKETING", "UTILITY", "AUTHENTICATION"]),
  validityDays: z.int().min(1).max(3_650).default(730),
  pendingHours: z.int().min(1).max(8_760).default(168),
  doubleOptIn: z.boolean().default(false),
  /** How long records are kept after a consent has ended. */
  retentionDays: z.int().min(1).max(3_650).default(1_095),
  /** Whoever is not known to be so old is not written to. */
  minAge: z.int().min(1).max(99).nullable().default(null),
});
export type CreatePurpose = z.input<typeof CreatePurpose>;

/**
 * What people are asked for. Its policy decides how their events are folded, so it is logged and never edited.
 *
 * @throws AppError conflict when the brand has a purpose of that key
 */
export async function createPurpose(ctx: Context, input: CreatePurpose): Promise<{ purposeId: string }> {
  authorize(ctx, "policy.approve");
  const purpose = CreatePurpose.parse(input);
  return transaction(ctx, async (tx) => {
    const purposeId = newId();
    const [made] = await tx.db
      .insert(purposes)
      .values({ id: purposeId, ...purpose, createdAt: tx.now() })
      .onConflictDoNothing()
      .returning({ id: purposes.id });
    if (!made) throw new AppError("conflict", { field: "key", reason: "taken" });
    await audit(tx, "purpose.created", { id: purposeId, ...purpose }, purposeId);
    return { purposeId };
  });
}
