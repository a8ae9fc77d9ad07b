import * as z from "zod";
import { isTimeZone } from "@/lib/foundation/time";

export const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

/** The country whose rule holds where a country has none of its own. */
export const DEFAULT_COUNTRY = "DEFAULT";

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;

const window = z
  .tuple([z.string().regex(TIME), z.string().regex(TIME)])
  .refine(([opens, closes]) => opens < closes, { error: "closes_before_it_opens" });

export const countryRule = z.object({
  /** ISO weekday (1 Monday … 7 Sunday) → half-open windows `[opens, closes)` in the person's local time. A missing day is closed. */
  days: z.partialRecord(z.enum(weekdays), z.array(window).max(6)),
  /** Closed on the country's public holidays. */
  holidays: z.boolean(),
  /** Marketing messages per person in rolling 24 h and 168 h, over all campaigns. */
  perDay: z.int().min(0).max(100),
  perWeek: z.int().min(0).max(500),
  blockedCategories: z.array(z.enum(categories)).optional(),
  /** Age from which somebody consents by themself. */
  consentAge: z.int().min(0).max(120).optional(),
  /** Law or reason, in words; says so where it is unverified. */
  basis: z.string().trim().min(1).max(1_000),
});
export type CountryRule = z.output<typeof countryRule>;

const country = z.string().regex(/^([A-Z]{2}|DEFAULT)$/);
const zone = z.string().refine(isTimeZone, { error: "unknown_zone" });

/** One version of the rules of sending, complete in itself. */
export const policyRules = z
  .object({
    rules: z.record(country, countryRule),
    /** Zones of a country: somebody whose zone is unknown must be inside the window in every one of them. */
    zones: z.record(country, z.array(zone).min(1)),
    /** Public holidays, local dates, frozen into the version. */
    holidays: z.record(country, z.array(z.iso.date())),
  })
  .refine(({ rules }) => DEFAULT_COUNTRY in rules, { path: ["rules"], error: "default_missing" });
export type PolicyRules = z.output<typeof policyRules>;

/** The rule that holds in a country. */
export function ruleOf({ rules }: Pick<PolicyRules, "rules">, of: string | null): CountryRule {
  const rule = rules[of ?? DEFAULT_COUNTRY] ?? rules[DEFAULT_COUNTRY];
  if (!rule) throw new Error("A policy always has a default rule");
  return rule;
}

/** The zones that somebody may be in. */
export function zonesOf({ zones }: Pick<PolicyRules, "zones">, of: string | null): readonly string[] {
  return zones[of ?? DEFAULT_COUNTRY] ?? zones[DEFAULT_COUNTRY] ?? ["UTC"];
}

/** `effectiveAt`: never before it is approved; in the past or left out means as soon as it is. */
export interface ProposedPolicy {
  rules: PolicyRules;
  note: string;
  effectiveAt?: Date;
}
export const DecidePolicyInput = z.object({ versionId: z.uuid(), decision: z.enum(["approved", "refused"]) });
