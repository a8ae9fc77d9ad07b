"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { getPreferences } from "@/app/_server/preferences";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { newId, parsePublicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { revealPerson } from "@/lib/reporting/commands/reveal-person";
import { findMessageByWamid } from "@/lib/reporting/queries/find-message-by-wamid";
import { RevealInput } from "@/lib/reporting/reveal";
import { personPath, proofPath } from "../paths";

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

/** Who they are, in clear; asks why, and the log keeps it. */
export const reveal = action(RevealInput, revealPerson);
