import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { NewConsentEvent } from "../event";
import { type VisitEvidence, visitEvidence } from "../opt-in-form";
import { getPreferences, type PurposeChoice } from "../queries/get-preferences";
import { recordConsentEvents } from "./record-consent-events";
import { suppress } from "./suppress";

/**
 * - `stop_all`: nothing more, of no kind
 * - `stop`, `agree`: for one purpose
 */
export type PreferenceChoice =
  | { kind: "stop_all" }
  | { kind: "stop"; purposeId: string }
  | { kind: "agree"; purposeId: string; wordingVersionId: string };

export interface ChangePreferences {
  token: string;
  choice: PreferenceChoice;
  /** Language of the page. */
  language: string;
  /** Made with the page: sending it twice is one choice. */
  submission: string;
  visit: VisitEvidence;
}

export type PreferenceOutcome = "stopped_all" | "stopped" | "agreed" | "requested" | "wording_changed";

/**
 * What a person decides on their preference page, an act of their own: the link came to them alone. Stopping takes one click
 * and asks nothing. Agreeing shows the text; where the purpose asks for a confirmation, the first yes is the request and a yes
 * while it is open is the confirmation.
 *
 * @throws AppError not_found for a link that we did not sign, somebody erased, or a purpose of another brand
 */
export async function changePreferences(ctx: Context, change: ChangePreferences): Promise<PreferenceOutcome> {
  authorize(ctx, "consent.record");
  return transaction(ctx, async (tx) => {
    const view = await getPreferences(tx, change);
    const { choice } = change;
    const write = writer(tx, view.contactId, change);
    if (choice.kind === "stop_all") {
      const reasonEventId = await write({ type: "withdrawn", purposeId: null, scope: "all" });
      // Answers to what they write themselves stay possible; everything that we begin needs a consent, and there is none.
      const block = { contactId: view.contactId, kind: "withdrawn", scope: "all_marketing", since: tx.now() } as const;
      if (reasonEventId) await suppress(tx, { suppressions: [{ ...block, reasonEventId }] });
      return "stopped_all";
    }
    const purpose = view.purposes.find(({ purposeId }) => purposeId === choice.purposeId);
    if (!purpose) throw new AppError("not_found", { what: "purpose" });
    if (choice.kind === "stop") {
      await write({ type: "withdrawn", purposeId: purpose.purposeId, scope: "purpose" });
      return "stopped";
    }
    if (purpose.wording?.id !== choice.wordingVersionId) return "wording_changed";
    const type = agreeing(purpose);
    await write({ type, purposeId: purpose.purposeId, scope: "purpose" }, purpose);
    return type === "requested" ? "requested" : "agreed";
  });
}

function agreeing({ doubleOptIn, status }: PurposeChoice): "granted" | "requested" | "confirmed" {
  if (!doubleOptIn) return "granted";
  return status === "pending" ? "confirmed" : "requested";
}

type Act = Pick<NewConsentEvent, "type" | "purposeId" | "scope">;

/** Answers the event's id, or undefined when this choice had been recorded before. */
function writer(tx: Context, contactId: string, { submission, visit }: ChangePreferences) {
  return async (act: Act, agreed?: PurposeChoice): Promise<string | undefined> => {
    const idempotencyKey = `preferences ${submission} ${contactId}`;
    const { recorded } = await recordConsentEvents(tx, {
      events: [
        {
          ...act,
          contactId,
          source: "web_form",
          occurredAt: tx.now(),
          isComplete: true,
          idempotencyKey,
          wordingVersionId: agreed?.wording?.id ?? null,
          language: agreed?.wording?.language ?? null,
          by: "contact",
          evidence: {
            ...visitEvidence(visit),
            form: "preferences",
            ...(agreed ? { checkbox: "unticked", wordingSha256: agreed.wording?.textSha256 ?? null } : {}),
          },
        },
      ],
    });
    return recorded.get(idempotencyKey);
  };
}
