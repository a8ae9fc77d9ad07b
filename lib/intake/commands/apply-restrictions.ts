import { createHash } from "node:crypto";
import { pauseForReview } from "@/lib/consent/commands/pause-for-review";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { recordMetaPreference } from "@/lib/consent/commands/record-meta-preference";
import { type Withdrawal, withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import type { NewConsentEvent } from "@/lib/consent/event";
import type { Context } from "@/lib/identity/context";
import type { Restriction } from "../opt-outs";

/** A restriction and whom it restricts. */
export type PlacedRestriction = Restriction & { contactId: string };

/**
 * Puts refusals into effect, inside the webhook's transaction. Whatever time a refusal claims to come from, it holds from
 * now on at the latest: a sender whose clock is ahead must not keep it out.
 */
export async function applyRestrictions(tx: Context, restrictions: readonly PlacedRestriction[]): Promise<void> {
  const now = tx.now();
  const known = restrictions.map((restriction) => ({
    ...restriction,
    at: new Date(Math.min(restriction.at.getTime(), now.getTime())),
    idempotencyKey: idempotencyKey(restriction),
  }));
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
  const denials = known.flatMap(({ kind, contactId, at, source, key, idempotencyKey, purposeId }): NewConsentEvent[] =>
    kind === "denial" && purposeId !== undefined
      ? [
          {
            contactId,
            type: "denied",
            purposeId,
            scope: "purpose",
            source,
            occurredAt: at,
            isComplete: true,
            idempotencyKey,
            by: "contact",
            evidence: { webhookKey: key },
          },
        ]
      : [],
  );
  if (denials.length > 0) await recordConsentEvents(tx, { events: denials });
  for (const { kind, contactId, at, idempotencyKey } of known) {
    if (kind !== "meta_stop" && kind !== "meta_resume") continue;
    const value = kind === "meta_stop" ? "stop" : "resume";
    await recordMetaPreference(tx, { contactId, value, occurredAt: at, idempotencyKey });
  }
  const reviews = known.filter(({ kind }) => kind === "review").map(({ contactId }) => contactId);
  if (reviews.length > 0) await pauseForReview(tx, { contactIds: reviews });
}

/** Of a bounded length, whatever Meta's ids are; one refusal may restrict several contacts, each by an event of its own. */
function idempotencyKey({ contactId, key }: PlacedRestriction): string {
  return `webhook ${contactId} ${createHash("sha256").update(key).digest("base64url")}`;
}
