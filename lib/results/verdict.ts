import {
  type CampaignVerdict,
  type Comparison,
  type GuardrailResult,
  type MissingFeed,
  type Recommendation,
  type SrmResult,
  type VariantVerdict,
  type VerdictCode,
  variantVerdicts,
} from "./analysis";

/** What one variant's interval says, in the precedence of ux.md 3.2. `mde` > 0, in the unit of the interval. */
export function variantVerdict({
  lower,
  upper,
  mde,
  isBreached,
}: {
  lower: number;
  upper: number;
  mde: number;
  isBreached: boolean;
}): VariantVerdict {
  if (lower > 0 && isBreached) return "GUARDRAIL_BREACH";
  if (lower >= mde) return "BETTER";
  if (lower > 0) return upper < mde ? "BETTER_BUT_SMALL" : "BETTER_UNKNOWN_SIZE";
  if (upper < 0) return "WORSE";
  if (-mde < lower && upper < mde) return "EQUIVALENT";
  return isBreached ? "GUARDRAIL_BREACH_NO_GAIN" : "INCONCLUSIVE";
}

export const isBreached = (guardrails: readonly GuardrailResult[]): boolean =>
  guardrails.some(({ status }) => status === "breached");

/** Better by the frozen rule: the whole interval above 0 and no limit exceeded. Size only changes the sentence. */
const rollable: readonly VariantVerdict[] = ["SEVERAL_BETTER", "BETTER", "BETTER_UNKNOWN_SIZE", "BETTER_BUT_SMALL"];

/** Where two variants or more are better and the data do not tell them apart, that is their verdict. */
export function withSeveralBetter(
  comparisons: readonly Comparison[],
  best: (better: readonly string[]) => string | null,
): Comparison[] {
  const better = comparisons.filter(({ verdict }) => rollable.includes(verdict)).map(({ key }) => key);
  if (better.length < 2 || best(better) !== null) return [...comparisons];
  return comparisons.map((one) => (better.includes(one.key) ? { ...one, verdict: "SEVERAL_BETTER" } : one));
}

/** What stands above every variant. `isOver`: the plan's time of analysis has come. */
export function campaignVerdict(facts: {
  srm: SrmResult | null;
  isFrozen: boolean;
  missingFeed: MissingFeed | null;
  isOver: boolean;
}): CampaignVerdict | null {
  if (facts.srm?.alarm) return "INVALID_SRM";
  if (facts.isFrozen) return "FROZEN";
  if (facts.missingFeed) return "DATA_MISSING";
  return facts.isOver ? null : "COLLECTING";
}

export interface Headline {
  code: VerdictCode;
  variant: string | null;
}

/** The verdict that the page opens with: of the campaign, else of the variant that a decision would be about. */
export function headlineOf(
  campaign: CampaignVerdict | null,
  comparisons: readonly Comparison[],
  best: string | null,
): Headline {
  if (campaign) return { code: campaign, variant: null };
  const rank = ({ key, verdict }: Comparison) => (key === best ? -1 : variantVerdicts.indexOf(verdict));
  const estimate = ({ difference }: Comparison) => difference?.estimate ?? Number.NEGATIVE_INFINITY;
  const [first] = [...comparisons].sort((one, two) => rank(one) - rank(two) || estimate(two) - estimate(one));
  return { code: first?.verdict ?? "INCONCLUSIVE", variant: first?.key ?? null };
}

/** What the frozen rule asks for: roll out what is better and harmless, else keep the control; never a bare point estimate. */
export function recommend(
  campaign: CampaignVerdict | null,
  { comparisons, best, isLast }: { comparisons: readonly Comparison[]; best: string | null; isLast: boolean },
): Recommendation {
  // What is missing may still come; a broken split stays broken.
  if (campaign)
    return {
      action: (isLast && campaign !== "COLLECTING") || campaign === "INVALID_SRM" ? "repeat" : "wait",
      variants: [],
    };
  const better = comparisons.filter(({ verdict }) => rollable.includes(verdict)).map(({ key }) => key);
  if (better.length === 0) return { action: "keep_control", variants: [] };
  return { action: "roll_out", variants: best !== null && better.includes(best) ? [best] : better };
}
