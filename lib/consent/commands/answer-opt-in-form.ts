import { sql } from "drizzle-orm";
import { optInAnswers } from "@/db/schema/consent";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { parsePhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { getInstallation } from "@/lib/identity/queries/get-installation";
import type { ConsentStatus } from "../consent";
import type { NewConsentEvent } from "../event";
import { type VisitEvidence, visitEvidence } from "../opt-in-form";
import { statusAt } from "../projection";
import { getOptInForm, knownTag, type OptInFormView } from "../queries/get-opt-in-form";
import { recogniseContacts } from "./recognise-contacts";
import { recordConsentEvents } from "./record-consent-events";

export interface OptInAnswer {
  slug: string;
  tag: string | undefined;
  /** Language of the page. */
  language: string;
  /** The text that the page showed. */
  wordingVersionId: string;
  /** As typed. */
  phone: string;
  /** Whether the box, which was empty, was ticked. */
  agreed: boolean;
  /** Made with the page: sending it twice is one answer. */
  submission: string;
  visit: VisitEvidence;
}

export type AnswerProblem = "phone" | "agree" | "wording";

export type OptInOutcome =
  | { kind: "recorded"; status: ConsentStatus; doubleOptIn: boolean }
  /** `wording`: another text is in force by now, so the person has to read that one. */
  | { kind: "refused"; problems: AnswerProblem[] };

/**
 * Somebody agrees on a form of ours: an act of the person, with the text as shown and how they came. Where the purpose asks
 * for a confirmation, or the person has said no before, it is a request that only the person can confirm.
 *
 * @throws AppError not_found for a form that does not exist, is closed or has no text in force
 */
export async function answerOptInForm(ctx: Context, answer: OptInAnswer): Promise<OptInOutcome> {
  authorize(ctx, "consent.record");
  const form = await getOptInForm(ctx, answer);
  if (!form.isOpen || !form.wording) throw new AppError("not_found", { what: "form" });
  const { country } = await getInstallation(ctx);
  const phone = parsePhone(answer.phone, country);
  const problems: AnswerProblem[] = [
    ...(phone ? [] : ["phone" as const]),
    ...(answer.agreed ? [] : ["agree" as const]),
    ...(form.wording.id === answer.wordingVersionId ? [] : ["wording" as const]),
  ];
  if (!phone || problems.length > 0) return { kind: "refused", problems };
  return transaction(ctx, async (tx) => {
    const [person] = await recogniseContacts(tx, [{ waId: phone.e164.slice(1) }]);
    if (!person) return { kind: "refused", problems: ["phone"] };
    const tag = await knownTag(tx, { formId: form.formId, tag: answer.tag });
    // Whoever types a number is not proven to have it: nobody's no is undone by that, they are asked on WhatsApp.
    const asks = form.doubleOptIn || (await hasSaidNo(tx, person.contactId, form.purposeId));
    const given = { ...answer, contactId: person.contactId, country: phone.country ?? null, tag, asks };
    const event = agreement(tx, form, given);
    const { recorded, states } = await recordConsentEvents(tx, { events: [event] });
    const eventId = recorded.get(event.idempotencyKey);
    if (eventId) {
      const lane = laneOf(person.contactId);
      await tx.db.insert(optInAnswers).values({ lane, eventId, formId: form.formId, tag, at: tx.now() });
    }
    const state = [...states.values()].flat().find(({ purposeId }) => purposeId === form.purposeId);
    return { kind: "recorded", status: state ? statusAt(state, tx.now()) : "none", doubleOptIn: asks };
  });
}

/** Whether they withdrew, refused, or are blocked: what only an act that is proven theirs opens again. */
async function hasSaidNo(tx: Context, contactId: string, purposeId: string): Promise<boolean> {
  const lane = laneOf(contactId);
  const [row] = await tx.db.execute<{ said: boolean }>(sql`
    select exists (select from consent_state where lane = ${lane}::smallint and contact_id = ${contactId}::uuid
        and purpose_id = ${purposeId}::uuid and status in ('withdrawn', 'denied', 'invalidated'))
      or exists (select from contact_suppressions where lane = ${lane}::smallint and contact_id = ${contactId}::uuid
        and lifted_at is null and (until is null or until > ${tx.now()}::timestamptz)) as said`);
  return row?.said ?? true;
}

interface Agreeing extends OptInAnswer {
  /** It is a request, which they confirm on WhatsApp. */
  asks: boolean;
  contactId: string;
  country: string | null;
}

function agreement(
  tx: Context,
  { formId, purposeId, wording }: OptInFormView,
  { contactId, country, tag, submission, visit, asks }: Omit<Agreeing, "tag"> & { tag: string | null },
): NewConsentEvent {
  return {
    contactId,
    type: asks ? "requested" : "granted",
    purposeId,
    scope: "purpose",
    source: "web_form",
    occurredAt: tx.now(),
    isComplete: true,
    idempotencyKey: `form ${submission} ${contactId}`,
    wordingVersionId: wording?.id ?? null,
    jurisdiction: country,
    language: wording?.language ?? null,
    by: "contact",
    evidence: {
      ...visitEvidence(visit),
      form: formId,
      sourceTag: tag,
      checkbox: "unticked",
      wordingSha256: wording?.textSha256 ?? null,
    },
  };
}
