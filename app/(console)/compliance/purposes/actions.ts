"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action } from "@/app/_server/action";
import { editPurpose } from "@/lib/campaigns/commands/edit-purpose";
import { previewPurpose } from "@/lib/campaigns/queries/preview-purpose";
import { ChangePurpose } from "@/lib/consent/commands/change-purpose";
import { ChangePurposeCaps, changePurposeCaps } from "@/lib/consent/commands/change-purpose-caps";
import { setConsentQuestion } from "@/lib/sending/commands/set-consent-question";
import { idOf } from "@/lib/templates/inputs";

const refresh = () => revalidatePath("/compliance/purposes");
const purposeId = idOf("pur");

export const change = action(ChangePurpose.extend({ purposeId }), editPurpose, refresh);
export const preview = action(z.object({ purposeId, minAge: ChangePurpose.shape.minAge }), previewPurpose);
export const changeCaps = action(ChangePurposeCaps.extend({ purposeId }), changePurposeCaps, refresh);
export const chooseQuestion = action(
  z.object({ purposeId, templateId: idOf("tpl").nullable() }),
  setConsentQuestion,
  refresh,
);
