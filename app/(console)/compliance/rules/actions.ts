"use server";

import { revalidatePath } from "next/cache";
import { action, formAction } from "@/app/_server/action";
import { CountryChange, CountryPreview } from "@/lib/policies/change-country";
import { changeCountryRule, rulesWith } from "@/lib/policies/commands/change-country-rule";
import { decidePolicy } from "@/lib/policies/commands/decide-policy";
import { DecidePolicyInput } from "@/lib/policies/policy";
import { previewPolicy } from "@/lib/policies/queries/preview-policy";
import { setStopRule } from "@/lib/sending/commands/set-stop-rule";
import { previewStopRule } from "@/lib/sending/queries/get-stop-rule";
import { ChangeStopRule, StopRule } from "@/lib/sending/stop-rule";

const refresh = () => revalidatePath("/compliance/rules");

export const propose = formAction(CountryChange, changeCountryRule, refresh);
export const decide = action(DecidePolicyInput, decidePolicy, refresh);

/** Who would be affected; nothing is kept. Instants as text, as they cross to the browser. */
export const preview = formAction(CountryPreview, async (ctx, change) => {
  const affected = await previewPolicy(ctx, { rules: await rulesWith(ctx, change) });
  const instant = (at: Date | null | undefined) => at?.toISOString() ?? null;
  return affected.map(({ country, people, before, after }) => ({
    country,
    people,
    before: before && { isOpen: before.isOpen, nextOpenAt: instant(before.nextOpenAt) },
    after: { isOpen: after.isOpen, nextOpenAt: instant(after.nextOpenAt) },
  }));
});

export const changeStop = action(ChangeStopRule, setStopRule, refresh);
export const previewStop = action(StopRule, previewStopRule);
