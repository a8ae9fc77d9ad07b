import { suppress } from "@/lib/consent/commands/suppress";
import { type Withdrawal, withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import type { Context } from "@/lib/identity/context";
import type { Restriction } from "../opt-outs";

const REVIEW_MS = 7 * 24 * 3_600_000; // compliance 1.5: marketing rests until a person has read it

/** Puts refusals into effect, inside the webhook's transaction. `contacts`: contact id by phone as written in it. */
export async function applyRestrictions(
  tx: Context,
  restrictions: readonly Restriction[],
  contacts: ReadonlyMap<string, string>,
): Promise<void> {
  const known = restrictions.flatMap((restriction) => {
    const contactId = restriction.phone ? contacts.get(restriction.phone) : undefined;
    return contactId ? [{ ...restriction, contactId }] : [];
  });
  const withdrawals = known
    .filter(({ kind }) => kind === "opt_out" || kind === "meta_stop")
    .map(
      ({ contactId, at, source, key, kind }): Withdrawal => ({
        contactId,
        occurredAt: at,
        source,
        idempotencyKey: `webhook ${key}`,
        evidence: { webhookKey: key },
        by: kind === "meta_stop" ? "meta" : "contact",
      }),
    );
  if (withdrawals.length > 0) await withdrawConsent(tx, { withdrawals });
  const reviews = known.filter(({ kind }) => kind === "review");
  if (reviews.length === 0) return;
  const now = tx.now();
  await suppress(tx, {
    suppressions: reviews.map(({ contactId }) => ({
      contactId,
      kind: "review",
      scope: "all_marketing",
      since: now,
      until: new Date(now.getTime() + REVIEW_MS),
    })),
  });
}
