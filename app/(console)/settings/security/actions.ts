"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action } from "@/app/_server/action";
import { removeFactor } from "@/lib/identity/commands/remove-factor";
import { renewRecoveryCodes } from "@/lib/identity/commands/renew-recovery-codes";
import { showFactor } from "@/lib/identity/commands/show-factor";
import { CodeInput } from "@/lib/identity/second-factor";

const refresh = () => revalidatePath("/settings/security");
const Nothing = z.object({});

export const showCode = action(CodeInput, showFactor);
export const renewCodes = action(Nothing, (ctx) => renewRecoveryCodes(ctx), refresh);
export const remove = action(Nothing, (ctx) => removeFactor(ctx), refresh);
