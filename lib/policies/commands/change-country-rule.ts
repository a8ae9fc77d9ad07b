import type * as z from "zod";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type CountryChange, changeCountry } from "../change-country";
import { countryZones } from "../country-zones";
import { DEFAULT_COUNTRY, type PolicyRules } from "../policy";
import { publicHolidays } from "../public-holidays";
import { getPolicyInForce } from "../queries/get-policy";
import { proposePolicy } from "./propose-policy";

type Change = z.output<typeof CountryChange>;

/** Proposes the rules in force with one country's changed. @throws AppError("not_found") where no rules are in force */
export async function changeCountryRule(ctx: Context, change: Change): Promise<{ versionId: string }> {
  authorize(ctx, "policy.propose");
  return proposePolicy(ctx, { rules: await rulesWith(ctx, change), note: change.note });
}

/** The rules as they would be. */
export async function rulesWith(ctx: Context, change: Change): Promise<PolicyRules> {
  authorize(ctx, "policy.read");
  const policy = await getPolicyInForce(ctx);
  if (!policy) throw new AppError("not_found");
  const { country } = change;
  const isDefault = country === DEFAULT_COUNTRY;
  return changeCountry(policy.rules, change, {
    zones: isDefault ? [] : countryZones(country),
    holidays: isDefault ? [] : publicHolidays(country, ctx.now().getUTCFullYear()),
  });
}
