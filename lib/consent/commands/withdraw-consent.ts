import { type Context, transaction } from "@/lib/identity/context";
import { authorizeWithdrawal } from "../authorize-withdrawal";
import type { ConsentSource } from "../consent";
import type { ConsentEvidence } from "../event";
import { recordConsentEvents } from "./record-consent-events";
import { suppress } from "./suppress";

export interface Withdrawal {
  contactId: string;
  /** When the person said so: the provider's time for a webhook. */
  occurredAt: Date;
  source: ConsentSource;
  /** `wamid:…`, or what else makes this one withdrawal of this person recognisable. */
  idempotencyKey: string;
  evidence?: ConsentEvidence;
  /** Default: the person. Null: the actor of the context, for an officer who records a call. */
  by?: "contact" | "meta" | null;
}

/**
 * Opts people out of all marketing: the event, and the block on the contact and on every identifier of it. Joins the
 * caller's transaction, so that a webhook is answered only when it is all committed (compliance/design.md 1.5).
 */
export async function withdrawConsent(
  ctx: Context,
  { withdrawals }: { withdrawals: readonly Withdrawal[] },
): Promise<void> {
  authorizeWithdrawal(ctx);
  await transaction(ctx, async (tx) => {
    const { recorded } = await recordConsentEvents(tx, {
      events: withdrawals.map(({ by = "contact", ...withdrawal }) => ({
        ...withdrawal,
        type: "withdrawn",
        purposeId: null,
        scope: "all_marketing",
        isComplete: true,
        ...(by ? { by } : {}),
      })),
    });
    await suppress(tx, {
      suppressions: withdrawals.flatMap(({ contactId, source, occurredAt, idempotencyKey }) => {
        const reasonEventId = recorded.get(idempotencyKey);
        if (!reasonEventId) return [];
        const kind = source === "meta_user_preferences" ? "meta_stop" : "withdrawn";
        return [{ contactId, kind, scope: "all_marketing", since: earlier(occurredAt, tx.now()), reasonEventId }];
      }),
    });
  });
}

function earlier(one: Date, other: Date): Date {
  return new Date(Math.min(one.getTime(), other.getTime()));
}
