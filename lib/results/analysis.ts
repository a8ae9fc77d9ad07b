import * as z from "zod";
import { primaryMetrics } from "@/lib/experiments/plan";
import { armCounts } from "./arm-counts";

/** About the whole campaign: while one of them holds, nothing is said about variants. In order of precedence. */
export const campaignVerdicts = ["INVALID_SRM", "FROZEN", "DATA_MISSING", "COLLECTING"] as const;

/** About one variant against the control (ux.md 3.2). In the order in which a headline prefers them. */
export const variantVerdicts = [
  "SEVERAL_BETTER",
  "BETTER",
  "BETTER_UNKNOWN_SIZE",
  "BETTER_BUT_SMALL",
  "GUARDRAIL_BREACH",
  "WORSE",
  "EQUIVALENT",
  "GUARDRAIL_BREACH_NO_GAIN",
  "INCONCLUSIVE",
] as const;

export type CampaignVerdict = (typeof campaignVerdicts)[number];
export type VariantVerdict = (typeof variantVerdicts)[number];
export type VerdictCode = CampaignVerdict | VariantVerdict;

export const guardrailMetrics = ["optOut", "failure"] as const;
export type GuardrailMetric = (typeof guardrailMetrics)[number];

/**
 * Harm against the control, or by itself where the control is the holdout, which cannot be harmed by a message. Shares,
 * as all rates here: 0.005 is half a point. `inside`: even the interval's bad end is within the limit. `breached`: worse
 * beyond chance, and by more than the limit. `watch`: neither.
 */
export const guardrailResult = z.object({
  metric: z.enum(guardrailMetrics),
  estimate: z.number(),
  lower: z.number(),
  upper: z.number(),
  limit: z.number(),
  status: z.enum(["inside", "watch", "breached"]),
});
export type GuardrailResult = z.infer<typeof guardrailResult>;

/** One interval of the record, in the unit that the place says. */
export const estimated = z.object({ estimate: z.number(), lower: z.number(), upper: z.number() });

/** A variant against the control on the primary metric, by everybody assigned. */
export const comparison = z.object({
  key: z.string(),
  verdict: z.enum(variantVerdicts),
  /** What decides: valid together for all variants (Dunnett). In the record's unit. Null: cannot be computed, `reason`. */
  difference: estimated.nullable(),
  reason: z.string().nullable(),
  /** Means or rates of variant and control, in the record's unit. */
  value: z.number().nullable(),
  controlValue: z.number().nullable(),
  /** Raw and adjusted for all comparisons. For Method only. */
  p: z.number().nullable(),
  pAdjusted: z.number().nullable(),
  /** `exact`: so few outcomes that Fisher's test gave p; the interval is still the score interval and may disagree. */
  test: z.enum(["score", "exact", "permutation", "welch"]).nullable(),
  guardrails: z.array(guardrailResult),
});
export type Comparison = z.infer<typeof comparison>;

const chiSquare = z.object({ stat: z.number(), df: z.int(), p: z.number() });

export const srmResult = chiSquare.extend({
  alarm: z.boolean(),
  /** Shares: 0.45 of everybody. */
  parts: z.array(z.object({ key: z.string(), observed: z.int(), planned: z.number() })),
});
export type SrmResult = z.infer<typeof srmResult>;

export const deliveryResult = chiSquare.extend({
  /** Per-delivered figures compare different people (verdict INVALID_DELIVERY); the verdict by assigned people stays. */
  isBiased: z.boolean(),
  biasedCodes: z.array(z.string()),
});
export type DeliveryResult = z.infer<typeof deliveryResult>;

/** Money against the holdout, in micros of `currency`. `se` and `df` let several campaigns be added up. */
export const moneyResult = z.object({
  currency: z.string(),
  spendMicros: z.number(),
  /** Delivered messages without a price: then the spend is incomplete and there is no return. */
  unpriced: z.int(),
  incremental: estimated.extend({ se: z.number(), df: z.number(), p: z.number() }).nullable(),
  /** (incremental − spend) / spend: 0 = the money came back. */
  roi: estimated.nullable(),
  /** Why incremental or return is null: `noHoldout`, `unpriced`, or a reason of the engine. */
  reason: z.string().nullable(),
  arms: z.array(
    z.object({
      key: z.string(),
      people: z.int(),
      perPersonMicros: z.number(),
      incremental: estimated.nullable(),
    }),
  ),
});
export type MoneyResult = z.infer<typeof moneyResult>;

/**
 * The look of a plan that looks more than once (methods `looks` and `always-valid`): what it was allowed to conclude from.
 * Everything that a later look, or a reader, needs to compute the boundary again.
 */
export const monitoring = z.object({
  method: z.enum(["looks", "always-valid"]),
  /** Of the time between the end of the sending and the end of the window; in plans with looks also the share of α's clock. */
  share: z.number(),
  /** Pooled odds of the outcome, or the mean squared standard error for money; only ratios matter. Null: no outcome yet. */
  information: z.number().nullable(),
  /** The looks that the boundary rests on, this one last: what one needs to compute it again. Empty for always-valid. */
  path: z.array(z.object({ share: z.number(), information: z.number() })),
  /** α of each of the variants. */
  alphaEach: z.number(),
  /** |Z| that concludes; null: this look could not conclude anything. */
  critical: z.number().nullable(),
  /** Of alphaEach, spent up to and including this look. Null for always-valid. */
  cumAlpha: z.number().nullable(),
  nominalP: z.number().nullable(),
  /** Every variant has reached its boundary: the test may be concluded before its end. */
  isStop: z.boolean(),
  /** Null at the last look. */
  nextAt: z.iso.datetime().nullable(),
});
export type Monitoring = z.infer<typeof monitoring>;

export const recommendation = z.object({
  /** `wait`: nothing may be concluded yet. */
  action: z.enum(["roll_out", "keep_control", "repeat", "wait"]),
  /** Which variants may be rolled out; several where the data do not tell them apart. */
  variants: z.array(z.string()),
});
export type Recommendation = z.infer<typeof recommendation>;

export const missingFeed = z.object({ feed: z.enum(["conversions", "webhooks"]), since: z.iso.datetime() });
export type MissingFeed = z.infer<typeof missingFeed>;

/**
 * A planned analysis, closed: figures, statistics, verdict and what they were computed from. Kept as canonical JSON with
 * its SHA-256, so it can be shown years later exactly as it was. Shares for rates, micros for money.
 */
export const analysisRecord = z.object({
  format: z.literal("contraste-analysis@1"),
  campaignId: z.uuid(),
  look: z.int().min(1),
  looks: z.int().min(1),
  plannedAt: z.iso.datetime(),
  takenAt: z.iso.datetime(),
  planHash: z.string(),
  metric: z.enum(primaryMetrics),
  unit: z.enum(["share", "micros"]),
  currency: z.string(),
  windowHours: z.int(),
  alpha: z.number(),
  /** z by which the intervals of the primary metric were cut. */
  critical: z.number().nullable(),
  minimumEffect: z.number(),
  /** A, or `holdout` where there is one variant. */
  control: z.string(),
  arms: z.array(armCounts),
  srm: srmResult.nullable(),
  delivery: deliveryResult.nullable(),
  missingFeed: missingFeed.nullable(),
  /** Not there where the plan looks once. */
  monitoring: monitoring.optional(),
  comparisons: z.array(comparison),
  headline: z.object({ code: z.enum([...campaignVerdicts, ...variantVerdicts]), variant: z.string().nullable() }),
  recommendation,
  /** The smallest increase that so many people show with 80 %; null where none is. */
  detectable: z.number().nullable(),
  isUnderpowered: z.boolean(),
  money: moneyResult,
});
export type AnalysisRecord = z.infer<typeof analysisRecord>;
