import * as z from "zod";
import { endpoint } from "@/app/_server/endpoint";
import { ReportConsent, reportConsent } from "@/lib/consent/commands/report-consent";
import { consentStatuses } from "@/lib/consent/consent";
import { AppError } from "@/lib/foundation/errors";
import { publicId } from "@/lib/foundation/ids";
import { idOf } from "@/lib/templates/inputs";

const { act, evidence } = ReportConsent.shape;

/**
 * Reports that a person agreed, is asked, or refused: what a shop's till or another system of the organisation knows. Class B:
 * it grants only with `occurredAt`, `wordingVersionId` and `evidence.{sourceSystem, fileSha256, attester}`; anything less waits
 * for the person, and nothing reported revives a refusal. `Idempotency-Key` is required; the same key with another body is 422.
 */
export const POST = endpoint({
  input: z
    .object({
      act,
      evidence,
      /** With country code. Or `contactId`. */
      phone: z.string().max(40).optional(),
      contactId: idOf("con").optional(),
      purposeId: idOf("pur").optional(),
      wordingVersionId: idOf("wrd").optional(),
      occurredAt: z.iso
        .datetime({ offset: true })
        .transform((text) => new Date(text))
        .optional(),
    })
    .refine(({ phone, contactId }) => (phone === undefined) !== (contactId === undefined), {
      path: ["phone"],
      message: "exactly one of phone and contactId",
    })
    .refine(({ act: what, purposeId }) => what === "withdraw" || purposeId !== undefined, { path: ["purposeId"] }),
  output: z.object({
    id: z.string(),
    contactId: z.string(),
    complete: z.boolean(),
    status: z.enum(consentStatuses).nullable(),
  }),
  status: 201,
  run: async (ctx, { phone, contactId, ...report }, { idempotencyKey }) => {
    if (idempotencyKey === null) throw new AppError("invalid_input", { header: "Idempotency-Key" });
    const person = contactId === undefined ? { phone: phone ?? "" } : { contactId };
    const reported = await reportConsent(ctx, { ...report, person, source: "api" }, idempotencyKey);
    return {
      id: publicId("evt", reported.eventId),
      contactId: publicId("con", reported.contactId),
      complete: reported.isComplete,
      status: reported.status ?? null,
    };
  },
});
