import { createHash } from "node:crypto";
import { phoneNumbers } from "@/db/schema/numbers";
import { findPeople } from "@/lib/audience/queries/find-people";
import { type Agreement, readAgreements } from "@/lib/consent/agreement";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import type { NewConsentEvent } from "@/lib/consent/event";
import { agreementTerms } from "@/lib/consent/queries/agreement-terms";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";
import { evidenceOf, mayAgree, saidIn } from "../opt-ins";

type Message = ItemOf<"message">;

/**
 * Records what people agreed to over WhatsApp: a word, a button, a form, an ad they came from. Acts of the person, at Meta's
 * time. Comes after `recordInbound`, which has settled who everybody is; may be repeated.
 */
export async function applyAgreements(ctx: Context, messages: readonly Message[]): Promise<void> {
  authorize(ctx, "job.run");
  const candidates = messages.filter(mayAgree);
  if (candidates.length === 0) return;
  const [terms, brands] = await Promise.all([agreementTerms(ctx), brandsOfNumbers(ctx)]);
  const agreed = candidates.flatMap((message) => {
    const brandId = brands.get(message.phoneNumberId ?? "");
    const agreements = brandId ? readAgreements(saidIn(message), brandId, terms) : [];
    return agreements.map((agreement) => ({ message, agreement }));
  });
  if (agreed.length === 0) return;
  await transaction(ctx, async (tx) => {
    const people = await findPeople(
      tx,
      agreed.map(({ message }) => message),
    );
    const events = agreed.flatMap(({ message, agreement }, i) => {
      const contactId = people[i];
      return contactId ? [eventOf(tx, { message, agreement, contactId })] : [];
    });
    await recordConsentEvents(tx, { events });
  });
}

async function brandsOfNumbers(ctx: Context): Promise<Map<string, string>> {
  const rows = await ctx.db
    .select({ number: phoneNumbers.phoneNumberId, brandId: phoneNumbers.brandId })
    .from(phoneNumbers);
  return new Map(rows.map(({ number, brandId }) => [number, brandId]));
}

function eventOf(
  tx: Context,
  { message, agreement, contactId }: { message: Message; agreement: Agreement; contactId: string },
): NewConsentEvent {
  const { source, purposeId, doubleOptIn, wordingVersionId } = agreement;
  const key = createHash("sha256")
    .update(`${message.wamid} ${purposeId ?? "evidence"}`)
    .digest("base64url");
  return {
    contactId,
    type: purposeId === null ? "evidence_added" : doubleOptIn ? "requested" : "granted",
    purposeId,
    scope: purposeId === null ? "all" : "purpose",
    source,
    // Whole seconds, and perhaps from a clock that is ahead of ours.
    occurredAt: new Date(Math.min(message.at.getTime(), tx.now().getTime())),
    isComplete: true,
    idempotencyKey: `agreement ${contactId} ${key}`,
    wordingVersionId,
    by: "contact",
    evidence: evidenceOf(message),
  };
}
