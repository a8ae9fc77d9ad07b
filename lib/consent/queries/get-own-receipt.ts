import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { Json } from "@/lib/ledger/verifier";
import { buildReceipt } from "./build-receipt";
import { listOwnReceipts } from "./list-own-receipts";
import { preferencePerson } from "./preference-person";

/**
 * A receipt for the person themselves, behind their signed link. It may be passed on, so it has no evidence: addresses of visits and
 * names of who reported something come with a request of access, which asks who one is.
 *
 * @throws AppError not_found for what is not theirs or not about this brand, too
 */
export async function getOwnReceipt(
  ctx: Context,
  { token, eventId }: { token: string; eventId: string },
): Promise<Json> {
  authorize(ctx, "consent.record");
  const [{ contactId }, own] = [await preferencePerson(ctx, { token }), await listOwnReceipts(ctx, { token })];
  if (!own.some((one) => one.eventId === eventId)) throw new AppError("not_found", { what: "event" });
  return buildReceipt(ctx, { contactId, eventId, withEvidence: false });
}
