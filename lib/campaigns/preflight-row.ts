import type { BuilderStep } from "./campaign";
import { linkProblemCodes } from "./links";

/**
 * Rows of the checklist (ux.md 2.1) in the order shown. A row that could not be computed is `unknown`, and `unknown`
 * blocks: what nobody has checked is not sent.
 */
export const preflightIds = [
  "consent",
  "suppressed",
  "optout_path",
  "template_status",
  "variables",
  "links",
  "quiet_hours",
  "limit_headroom",
  "holdout",
  "cost",
  "power",
  "second_person",
] as const;
export type PreflightId = (typeof preflightIds)[number];
/** Every sentence that a row can be: catalogues hold one for each id and code. */
export const preflightCodes = {
  consent: ["not_counted", "nobody_left", "all_consented"],
  suppressed: ["not_counted", "many", "left_out"],
  optout_path: ["no_variants", "problems", "fine"],
  template_status: ["no_variants", "problems", "fine"],
  variables: ["no_variants", "problems", "fine"],
  links: ["no_variants", "problems", "fine"],
  quiet_hours: [
    "not_counted",
    "no_rules",
    "never_open",
    "after_deadline",
    "some_after_deadline",
    "passed",
    "moved",
    "fine",
  ],
  limit_headroom: ["not_counted", "over_limit", "shared", "within", "unlimited"],
  holdout: ["nothing_to_compare", "metric_needs_message", "no_roi", "measures_roi"],
  cost: ["not_counted", "no_prices", "prices_incomplete", "over_cap", "within_cap", "estimate"],
  power: ["not_counted", "revenue_not_planned", "baseline_missing", "too_few", "weak", "enough"],
  second_person: ["approved", "may_approve", "solo_mode", "nobody_may_approve"],
} as const satisfies Record<PreflightId, readonly string[]>;
export type PreflightCode<I extends PreflightId = PreflightId> = (typeof preflightCodes)[I][number];

/** What can be wrong with one variant. */
export const preflightDetailCodes = [
  "template_missing",
  "no_way_out",
  "not_approved",
  "purpose_missing",
  "other_category",
  "access_code",
  "category_changing",
  "quality",
  "languages_differ",
  "unsupported_part",
  "not_mapped",
  "offer_ends_early",
  "would_be_refused",
  "value_missing",
  "not_counted",
  "no_tracked_link",
  ...linkProblemCodes,
] as const;
export type PreflightDetailCode = (typeof preflightDetailCodes)[number];

export type PreflightStatus = "pass" | "warn" | "block" | "unknown";
export type PreflightGroup = "people" | "message" | "timing" | "money" | "signatures";

/** Ids, counts, states and names of our own people and templates; never anything about a contact. */
export type PreflightParams = Record<string, string | number | boolean | null>;

export interface PreflightRow {
  id: PreflightId;
  group: PreflightGroup;
  status: PreflightStatus;
  code: PreflightCode;
  params: PreflightParams;
  /** One line per variant that is not as it should be. */
  details: { variant: string; code: PreflightDetailCode; params: PreflightParams }[];
  /** Where it is mended: a step of the builder. */
  step: BuilderStep;
}

/** The rows that forbid going on. */
export function blockers(rows: readonly PreflightRow[]): PreflightId[] {
  return rows.filter(({ status }) => status === "block" || status === "unknown").map(({ id }) => id);
}
