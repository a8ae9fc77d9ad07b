"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action, formAction } from "@/app/_server/action";
import { getTranslator } from "@/app/_server/preferences";
import { consoleRuntime } from "@/app/_server/runtime";
import { reasonText } from "@/app/(console)/reasons";
import { publicId } from "@/lib/foundation/ids";
import { changeNumberSettings } from "@/lib/numbers/commands/change-number-settings";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { pasteNumber } from "@/lib/numbers/commands/paste-number";
import { readNumberHealth } from "@/lib/numbers/commands/read-number-health";
import {
  AskReleaseInput,
  askRelease,
  ReleaseInput,
  releaseKillSwitch,
} from "@/lib/numbers/commands/release-kill-switch";
import { renewToken } from "@/lib/numbers/commands/renew-token";
import { makeVerifyToken, subscribeNumber } from "@/lib/numbers/commands/set-up-webhooks";
import { testConnection } from "@/lib/numbers/commands/test-connection";
import { NumberSettingsInput, PasteNumberInput, RenewTokenInput } from "@/lib/numbers/number";
import { SendTestTemplateInput, sendTestTemplate } from "@/lib/sending/commands/send-test-template";
import { idOf } from "@/lib/templates/inputs";

const refresh = () => revalidatePath("/settings/numbers", "layout");
const numberId = idOf("num");
const Choice = z.object({ numberId });
const Pasted = PasteNumberInput.extend({ brandId: idOf("brd") });

export const tryConnection = action(Pasted, testConnection);

/** Connects and answers with the address of the next step. */
export const connect = action(
  Pasted,
  async (ctx, input) => {
    const result = await pasteNumber(ctx, input);
    return result.kind === "connected" ? { ...result, numberId: publicId("num", result.numberId) } : result;
  },
  refresh,
);

export const check = action(Choice, readNumberHealth, refresh);

export const subscribe = action(
  Choice,
  async (ctx, input) => {
    const { publicBaseUrl } = await consoleRuntime();
    return subscribeNumber(ctx, { ...input, callbackUrl: `${publicBaseUrl}/webhooks/whatsapp` });
  },
  refresh,
);

export const makeToken = action(Choice, makeVerifyToken);

export const sendTest = formAction(
  SendTestTemplateInput.extend({ numberId, templateId: idOf("tpl") }),
  async (ctx, input) => {
    const result = await sendTestTemplate(ctx, input);
    const { kind } = result;
    if (kind !== "refused" && kind !== "held_back") return { kind, code: 0, why: "" };
    const [code, reason] = kind === "refused" ? [result.code, `meta_${result.code}`] : [0, result.reason];
    return { kind, code, why: reasonText(reason, await getTranslator("reasons")) };
  },
);

export const saveSettings = formAction(NumberSettingsInput.extend({ numberId }), changeNumberSettings, refresh);

export const saveToken = formAction(RenewTokenInput.extend({ numberId }), renewToken, refresh);

export const stop = formAction(
  z.object({ numberId, reason: z.string().trim().min(1).max(500) }),
  async (ctx, { numberId: targetId, reason }) => {
    await engageKillSwitch(ctx, { level: "number", targetId, reason });
  },
  refresh,
);

export const ask = formAction(AskReleaseInput, askRelease, refresh);

export const release = action(ReleaseInput, releaseKillSwitch, refresh);
