"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { currentInstallation } from "@/app/_server/context";
import { getPreferences } from "@/app/_server/preferences";
import { consoleRuntime } from "@/app/_server/runtime";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { localDate, startOfLocalDay } from "@/lib/foundation/time";
import type { Context } from "@/lib/identity/context";
import { approveErasure } from "@/lib/rights/commands/approve-erasure";
import {
  applyObjection,
  applyRectification,
  applyRestriction,
  liftRestriction,
  RectifyInput,
} from "@/lib/rights/commands/carry-out";
import { checkIdentityByMessage, confirmIdentityCode, issueIdentityCode } from "@/lib/rights/commands/check-identity";
import { createDeliveryLink, revokeDeliveryLink } from "@/lib/rights/commands/deliver-package";
import { openRequest } from "@/lib/rights/commands/open-request";
import { approvePackage, buildPackage, redactPackage } from "@/lib/rights/commands/prepare-package";
import { AskBlockedInput, allowBlockedAccess, askBlockedAccess } from "@/lib/rights/commands/read-blocked";
import { readWords } from "@/lib/rights/commands/read-words";
import { assignRequest, closeRequest, extendRequest, refuseRequest } from "@/lib/rights/commands/steer-request";
import { refusalReasons, requestKinds } from "@/lib/rights/request";
import { requestPath } from "../paths";

const refresh = () => revalidatePath("/compliance/requests", "layout");

const OpenInput = z.object({
  text: z.string().trim().min(3).max(320),
  kind: z.enum(requestKinds),
  receivedOn: z.iso.date(),
  words: z.string().max(2_000).default(""),
});

/** The number or address travels in the body; the page that it leads to is named by a random id. */
export const open = formAction(
  OpenInput,
  async (ctx: Context, { text, kind, receivedOn, words }) => {
    const [{ region }, { timeZone }] = await Promise.all([getPreferences(), currentInstallation()]);
    const found = await findContactByIdentifier(ctx, { text, country: region.slice(3) });
    if (!found) return { requestId: null };
    const isToday = receivedOn === localDate(ctx.now(), timeZone);
    const receivedAt = isToday ? ctx.now() : startOfLocalDay(new Date(`${receivedOn}T12:00:00Z`), timeZone);
    return openRequest(ctx, { contactId: found.contactId, kind, receivedAt, words });
  },
  ({ requestId }) => {
    if (requestId) redirect(requestPath(requestId));
  },
);

const One = z.object({ requestId: z.uuid() });

export const assign = action(One.extend({ userId: z.uuid() }), assignRequest, refresh);
export const extend = action(One.extend({ reason: z.enum(["complex", "many"]) }), extendRequest, refresh);
export const refuse = action(One.extend({ reason: z.enum(refusalReasons) }), refuseRequest, refresh);
export const close = action(One, closeRequest, refresh);
export const acceptMessage = action(One.extend({ inboundId: z.uuid() }), checkIdentityByMessage, refresh);
export const issueCode = action(One, issueIdentityCode);
export const confirmCode = action(
  One.extend({ code: z.string().trim().min(1).max(20) }),
  confirmIdentityCode,
  ({ kind }) => {
    if (kind === "checked") refresh();
  },
);
export const build = action(One, buildPackage, refresh);
export const approve = action(One, approvePackage, refresh);
export const revoke = action(One, revokeDeliveryLink, refresh);
export const restrict = action(One, applyRestriction, refresh);
export const lift = action(z.object({ contactId: z.uuid() }), liftRestriction, refresh);
export const object = action(One, applyObjection, refresh);
export const rectify = formAction(RectifyInput, applyRectification, refresh);
export const erase = action(One, approveErasure, refresh);
export const readAsked = action(One, readWords);
export const askBlocked = formAction(AskBlockedInput, askBlockedAccess, refresh);
export const allowBlocked = action(z.object({ accessId: z.uuid() }), allowBlockedAccess, refresh);

/** The address is made here, where it is known how people reach the console; it is shown this once. */
export const makeLink = action(One, async (ctx: Context, input) => {
  const { token } = await createDeliveryLink(ctx, input);
  return { url: `${(await consoleRuntime()).consoleUrl}/requests/${token}` };
});

const item = z.string().regex(/^(received|consent):[0-9a-f-]{36}$/);

export const redact = formAction(
  One.extend({ items: z.array(item).default([]) }),
  (ctx: Context, { requestId, items }) =>
    redactPackage(ctx, { requestId, redactions: items.map((one) => ({ item: one, reason: "third_party" })) }),
  (_, { requestId }) => {
    refresh();
    redirect(requestPath(requestId));
  },
);
