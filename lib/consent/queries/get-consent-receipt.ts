import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import type { Json } from "@/lib/ledger/verifier";
import { buildReceipt } from "./build-receipt";

/**
 * The receipt of one event with everything that was kept. Taking one away is logged.
 *
 * @throws AppError not_found, contact_erased when nothing of the person can be opened any more
 */
export async function getConsentReceipt(
  ctx: Context,
  { contactId, eventId }: { contactId: string; eventId: string },
): Promise<Json> {
  authorize(ctx, "consent.read");
  await requireRecentFactor(ctx);
  const receipt = await buildReceipt(ctx, { contactId, eventId, withEvidence: true });
  await audit(ctx, "consent_receipt.taken", { event: eventId }, contactId);
  return receipt;
}
