import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { recordConsentEvents } from "./record-consent-events";

/**
 * Notes that a person looked at their preferences, once a day at most. It is kept as evidence and moves no state; programs
 * that look at links before people do are told apart by nobody, so nothing is concluded from it.
 */
export async function notePreferenceRead(
  ctx: Context,
  { contactId, brandId }: { contactId: string; brandId: string },
): Promise<void> {
  authorize(ctx, "consent.record");
  const occurredAt = ctx.now();
  await recordConsentEvents(ctx, {
    events: [
      {
        contactId,
        type: "preference_read",
        purposeId: null,
        scope: "all",
        source: "web_form",
        occurredAt,
        isComplete: true,
        idempotencyKey: `preference read ${brandId} ${contactId} ${occurredAt.toISOString().slice(0, 10)}`,
        by: "contact",
      },
    ],
  });
}
