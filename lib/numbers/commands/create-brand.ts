import { brands } from "@/db/schema/numbers";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

/** A brand people give their consent to. `controller`: name and address of who answers for the data. */
export async function createBrand(ctx: Context, input: { name: string; controller: string }): Promise<string> {
  authorize(ctx, "number.manage");
  const id = newId();
  await transaction(ctx, async (tx) => {
    await tx.db.insert(brands).values({ id, ...input, createdAt: tx.now() });
    await audit(tx, "brand.created", {}, id);
  });
  return id;
}
