"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { CreatePurpose, createPurpose } from "@/lib/consent/commands/create-purpose";
import { PublishWordingVersion, publishWordingVersion } from "@/lib/consent/commands/publish-wording-version";
import { RevokeWordingVersion, revokeWordingVersion } from "@/lib/consent/commands/revoke-wording-version";
import { WordingNotice } from "@/lib/consent/wording";
import { idOf } from "@/lib/templates/inputs";

const refresh = () => revalidatePath("/compliance/wording");

/** A flat form: what is told beside the text stands in fields of its own. */
const WordingForm = PublishWordingVersion.omit({ notice: true })
  .extend({ purposeId: idOf("pur"), ...WordingNotice.shape })
  .transform(({ purposeId, label, language, text, controller, privacyNoticeUrl, ...notice }) => ({
    purposeId,
    label,
    language,
    text,
    controller,
    privacyNoticeUrl,
    notice,
  }));

export const publish = formAction(WordingForm, publishWordingVersion, refresh);
export const revoke = action(
  RevokeWordingVersion.extend({ wordingVersionId: idOf("wrd") }),
  revokeWordingVersion,
  refresh,
);

const PurposeForm = CreatePurpose.extend({
  brandId: idOf("brd"),
  validityDays: z.coerce.number().int().min(1).max(3_650),
  retentionDays: z.coerce.number().int().min(1).max(3_650),
  minAge: z
    .string()
    .transform((text) => (text === "" ? null : Number(text)))
    .pipe(z.int().min(1).max(99).nullable()),
  doubleOptIn: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
});
export const addPurpose = formAction(PurposeForm, createPurpose, refresh);
