import * as z from "zod";
import { brands } from "@/db/schema/numbers";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const CreateBrand = z.object({
  name: z.string().trim().min(1).max(120),
  /** Who answers for the data: name, address and contact, as people are told. */
  controller: z.string().trim().min(1).max(1_000),
});
export type CreateBrand = z.infer<typeof CreateBrand>;

/** A name people know us by; consent is given to a brand for a purpose. */
export async function createBrand(ctx: Context, input: CreateBrand): Promise<{ brandId: string }> {
  authorize(ctx, ctx.actor.kind === "system" ? "installation.setup" : "settings.manage");
  const { name, controller } = CreateBrand.parse(input);
  return transaction(ctx, async (tx) => {
    const brandId = newId();
    await tx.db.insert(brands).values({ id: brandId, name, controller, createdAt: tx.now() });
    await audit(tx, "brand.created", { brand: brandId, name }, brandId);
    return { brandId };
  });
}
