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
 * for a confirmation, it is a request that only the person can confirm.
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
    const event = agreement(tx, form, { ...answer, contactId: person.contactId, country: phone.country ?? null, tag });
    const { recorded, states } = await recordConsentEvents(tx, { events: [event] });
    const eventId = recorded.get(event.idempotencyKey);
    if (eventId) {
      const lane = laneOf(person.contactId);
      await tx.db.insert(optInAnswers).values({ lane, eventId, formId: form.formId, tag, at: tx.now() });
    }
    const state = [...states.values()].flat().find(({ purposeId }) => purposeId === form.purposeId);
    return { kind: "recorded", status: state ? statusAt(state, tx.now()) : "none", doubleOptIn: form.doubleOptIn };
  });
}

interface Agreeing extends OptInAnswer {
  contactId: string;
  country: string | null;
}

function agreement(
  tx: Context,
  { formId, purposeId, doubleOptIn, wording }: OptInFormView,
  { contactId, country, tag, submission, visit }: Omit<Agreeing, "tag"> & { tag: string | null },
): NewConsentEvent {
  return {
    contactId,
    type: doubleOptIn ? "requested" : "granted",
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
