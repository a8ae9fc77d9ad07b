"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { currentInstallation } from "@/app/_server/context";
import { getPreferences } from "@/app/_server/preferences";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { decideInvalidation, requestInvalidation } from "@/lib/consent/commands/invalidate-consent";
import { ReportConsent, reportConsent } from "@/lib/consent/commands/report-consent";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { listWordingsInUse } from "@/lib/consent/queries/list-wordings-in-use";
import { AppError } from "@/lib/foundation/errors";
import { newId, parsePublicId } from "@/lib/foundation/ids";
import { instantOf } from "@/lib/foundation/time";
import type { Context } from "@/lib/identity/context";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { revealPerson } from "@/lib/reporting/commands/reveal-person";
import { findMessageByWamid } from "@/lib/reporting/queries/find-message-by-wamid";
import { RevealInput } from "@/lib/reporting/reveal";
import { openRequest } from "@/lib/rights/commands/open-request";
import { requestKinds } from "@/lib/rights/request";
import { idOf } from "@/lib/templates/inputs";
import { personPath, proofPath, requestPath } from "../paths";

const FindPersonInput = z.object({ text: z.string().trim().min(3).max(500) });

/** The person's page, or the proof of the message with this id of Meta's, or nobody. The country of a number without prefix is the one of the reader's region. */
export const findPerson = formAction(
  FindPersonInput,
  async (ctx: Context, { text }) => {
    const { region } = await getPreferences();
    const messageId = text.startsWith("wamid.") ? await findMessageByWamid(ctx, { wamid: text }) : undefined;
    if (messageId) return { messageId, contactId: null };
    const found = await findContactByIdentifier(ctx, { text, country: region.slice(3) });
    await noteReading(ctx, { what: "person.searched", subject: found?.contactId ?? null });
    return { messageId: null, contactId: found?.contactId ?? null };
  },
  ({ contactId, messageId }) => {
    if (messageId) redirect(proofPath(messageId));
    if (contactId) redirect(personPath(contactId));
  },
);

const WithdrawInput = z.object({
  contactId: z.string().transform((text, context) => {
    const id = parsePublicId("con", text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "not an id (con_…)" });
    return z.NEVER;
  }),
  note: z.string().trim().min(1).max(500),
});

/** An officer writes down that the person refused, by telephone or in the shop. It counts from now. */
export const withdraw = action(
  WithdrawInput,
  (ctx: Context, { contactId, note }) =>
    withdrawConsent(ctx, {
      withdrawals: [
        {
          contactId,
          occurredAt: ctx.now(),
          source: "agent_attest",
          idempotencyKey: `console:${newId()}`,
          evidence: { note },
          by: null,
        },
      ],
    }),
  (_, { contactId }) => revalidatePath(personPath(contactId)),
);

/** The first of two officers: why this consent is not valid. */
export const askInvalidation = action(
  z.object({ contactId: idOf("con"), purposeId: idOf("pur"), reason: z.string().trim().min(1).max(500) }),
  requestInvalidation,
  (_, { contactId }) => revalidatePath(personPath(contactId)),
);

/** The second: it is invalid from now on, or it stands. */
export const signInvalidation = action(
  z.object({ contactId: idOf("con"), invalidationId: z.uuid(), decision: z.enum(["invalidated", "refused"]) }),
  decideInvalidation,
  (_, { contactId }) => revalidatePath(personPath(contactId)),
);

/** Who they are, in clear; asks why, and the log keeps it. */
export const reveal = action(RevealInput, revealPerson);

const AttestInput = z.object({
  contactId: idOf("con"),
  wordingVersionId: idOf("wrd"),
  source: ReportConsent.shape.source.exclude(["api"]),
  /** A day and an hour as typed, in the organisation's own zone. */
  at: z.string(),
  sourceSystem: z.string(),
  fileSha256: z.string(),
  attester: z.string(),
  note: z.string(),
});

/** An officer writes down what a person agreed to elsewhere. What is left empty leaves the report incomplete. */
export const attest = action(
  AttestInput,
  async (ctx: Context, { contactId, wordingVersionId, source, at, ...told }) => {
    const { timeZone } = await currentInstallation();
    const wording = (await listWordingsInUse(ctx)).find(({ id }) => id === wordingVersionId);
    if (!wording) throw new AppError("not_found", { what: "wording" });
    const report = ReportConsent.safeParse({
      person: { contactId },
      act: "grant",
      purposeId: wording.purposeId,
      wordingVersionId,
      source,
      occurredAt: at === "" ? undefined : localInstant(at, timeZone),
      evidence: Object.fromEntries(Object.entries(told).filter(([, value]) => value.trim() !== "")),
    });
    if (!report.success) throw new AppError("invalid_input");
    const { isComplete, status } = await reportConsent(ctx, report.data, `console ${newId()}`);
    return { isComplete, status: status ?? null };
  },
  (_, { contactId }) => revalidatePath(personPath(contactId)),
);

/** What a field for a day and an hour holds, `2026-11-27T18:30`, in the organisation's zone. */
function localInstant(text: string, timeZone: string): Date {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text) ?? [];
  if (!minute) throw new AppError("invalid_input", { field: "at" });
  const local = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: 0,
  };
  return instantOf(local, timeZone);
}

const RequestInput = z.object({ contactId: WithdrawInput.shape.contactId, kind: z.enum(requestKinds) });

/** The person asked for something about their own data, now; its page comes next. */
export const openRequestOf = action(RequestInput, openRequest, ({ requestId }) => redirect(requestPath(requestId)));
