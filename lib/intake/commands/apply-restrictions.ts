import { pauseForReview } from "@/lib/consent/commands/pause-for-review";
import { recordMetaPreference } from "@/lib/consent/commands/record-meta-preference";
import { type Withdrawal, withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import type { Context } from "@/lib/identity/context";
import type { Restriction } from "../opt-outs";

/** Puts refusals into effect, inside the webhook's transaction. `contacts`: contact id by phone as written in it. */
export async function applyRestrictions(
  tx: Context,
  restrictions: readonly Restriction[],
  contacts: ReadonlyMap<string, string>,
): Promise<void> {
  const known = restrictions.flatMap((restriction) => {
    const contactId = restriction.phone ? contacts.get(restriction.phone) : undefined;
    return contactId ? [{ ...restriction, contactId, idempotencyKey: `webhook ${restriction.key}` }] : [];
  });
  const withdrawals = known
    .filter(({ kind }) => kind === "opt_out")
    .map(
      ({ contactId, at, source, key, idempotencyKey }): Withdrawal => ({
        contactId,
        occurredAt: at,
        source,
        idempotencyKey,
        evidence: { webhookKey: key },
      }),
    );
  if (withdrawals.length > 0) await withdrawConsent(tx, { withdrawals });
  for (const { kind, contactId, at, idempotencyKey } of known) {
    if (kind !== "meta_stop" && kind !== "meta_resume") continue;
    const value = kind === "meta_stop" ? "stop" : "resume";
    await recordMetaPreference(tx, { contactId, value, occurredAt: at, idempotencyKey });
  }
  const reviews = known.filter(({ kind }) => kind === "review").map(({ contactId }) => contactId);
  if (reviews.length > 0) await pauseForReview(tx, { contactIds: reviews });
}
