"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action } from "@/app/_server/action";
import { consoleRuntime, publicPagesUrl } from "@/app/_server/runtime";
import { correctClass } from "@/lib/conversations/commands/correct-class";
import { markSeen } from "@/lib/conversations/commands/mark-seen";
import { saveReplyRules } from "@/lib/conversations/commands/save-reply-rules";
import { setHandled } from "@/lib/conversations/commands/set-handled";
import { ReplyRules } from "@/lib/conversations/reply-class";
import { replyClasses } from "@/lib/conversations/reply-classes";
import { ReplyToPersonInput, replyToPerson } from "@/lib/sending/commands/reply-to-person";
import { sendPreferenceLink } from "@/lib/sending/commands/send-preference-link";
import { idOf } from "@/lib/templates/inputs";

/** The figure on the rail is part of the frame, so every page of it is drawn anew. */
const refresh = () => revalidatePath("/", "layout");

const person = { contactId: idOf("con") };

export const seen = action(z.object(person), markSeen, refresh);

export const handle = action(
  z.object({ ...person, inboundId: idOf("cnv").optional(), isHandled: z.boolean() }),
  setHandled,
  refresh,
);

export const correct = action(
  z.object({ ...person, inboundId: idOf("cnv"), replyClass: z.enum(replyClasses) }),
  correctClass,
  refresh,
);

/** Answers, and marks as handled what was answered where that is wanted and the answer could be queued. */
export const answer = action(
  z.object({
    ...person,
    numberId: idOf("num"),
    text: ReplyToPersonInput.shape.text,
    isHandled: z.boolean(),
  }),
  async (ctx, { isHandled, ...reply }) => {
    const planned = await replyToPerson(ctx, reply);
    if (planned.kind === "planned" && isHandled) await setHandled(ctx, { contactId: reply.contactId, isHandled });
    return { kind: planned.kind };
  },
  refresh,
);

/** Their own page of preferences, to them alone: nobody here sees the link. */
export const sendLink = action(
  z.object({ ...person, numberId: idOf("num") }),
  async (ctx, choice) => {
    const pagesUrl = publicPagesUrl(await consoleRuntime());
    return { kind: (await sendPreferenceLink(ctx, { ...choice, pagesUrl })).kind };
  },
  refresh,
);

export const saveRules = action(z.object({ basedOn: z.int(), rules: ReplyRules }), saveReplyRules, refresh);
