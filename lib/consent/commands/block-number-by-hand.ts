import { canonicalIdentifier, lookupOf } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { type Context, transaction } from "@/lib/identity/context";
import { authorizeWithdrawal } from "../authorize-withdrawal";
import type { BlockByHand } from "../suppression";
import { blockNumbers } from "./block-numbers";

/**
 * An officer blocks one number, whether we know its owner or not. The number is not kept, only its keyed hash.
 *
 * @returns the contact whose number it is, or null
 * @throws AppError("invalid_input", { field: "phone" })
 */
export async function blockNumberByHand(
  ctx: Context,
  { phone, country, kind, scope, reason }: BlockByHand & { country: string },
): Promise<{ contactId: string | null }> {
  authorizeWithdrawal(ctx);
  const identifier = canonicalIdentifier("phone", phone, country);
  if (!identifier) throw new AppError("invalid_input", { field: "phone" });
  return transaction(ctx, async (tx) => {
    const lookups = [lookupOf(tx.secrets.lookupKey, identifier)];
    const { contacts } = await blockNumbers(tx, { lookups, kind, scope });
    const contactId = contacts[0] ?? null;
    await audit(tx, "suppression.added_by_hand", { kind, scope, reason }, contactId);
    return { contactId };
  });
}
