import * as z from "zod";
import { purposes } from "@/db/schema/consent";
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
});
export type CreatePurpose = z.input<typeof CreatePurpose>;

/** What people are asked for. Its policy decides how their events are folded, so it is logged and never edited. */
export async function createPurpose(ctx: Context, input: CreatePurpose): Promise<{ purposeId: string }> {
  authorize(ctx, "policy.approve");
  const purpose = CreatePurpose.parse(input);
  return transaction(ctx, async (tx) => {
    const purposeId = newId();
    await tx.db.insert(purposes).values({ id: purposeId, ...purpose, createdAt: tx.now() });
    await audit(tx, "purpose.created", { id: purposeId, ...purpose }, purposeId);
    return { purposeId };
  });
}
