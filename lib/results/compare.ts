import type { ExperimentPlan } from "@/lib/experiments/plan";
import { MICROS } from "@/lib/foundation/money";
import { compareAllPairs, compareAtBoundary, compareWithControl } from "@/lib/statistics/compare-arms";
import type { ProportionComparison } from "@/lib/statistics/compare-proportions";
import { compareRevenue, DEFAULT_CAP, type RevenueComparison } from "@/lib/statistics/compare-revenue";
import { normQuantile, normSf } from "@/lib/statistics/distributions";
import { dunnett, holm } from "@/lib/statistics/multiplicity";
import { computed, type Outcome } from "@/lib/statistics/outcome";
import { seededRandom } from "@/lib/statistics/random";
import type { ArmCounts } from "./arm-counts";

/** A variant against the control before anybody calls it anything. In shares, or micros for revenue. */
export interface Compared {
  key: string;
  estimate: number;
  lower: number;
  upper: number;
  p: number;
  /** Null at a look: there the boundary accounts for everything. */
  pAdjusted: number | null;
  test: "score" | "exact" | "permutation" | "welch";
  value: number;
  controlValue: number;
}

export interface Family {
  compared: Compared[];
  /** All intervals were cut at this z, so that they hold together. */
  critical: number;
}

/** What is compared, and with which error rate for all comparisons together. */
export interface Level extends Pick<ExperimentPlan, "metric"> {
  alpha: number;
}

export interface Parts {
  control: ArmCounts;
  treatments: readonly ArmCounts[];
}

/** What the metric counts. */
export function successes(metric: ExperimentPlan["metric"], arm: ArmCounts): number {
  if (metric === "click") return arm.clicked;
  return metric === "reply" ? arm.replied : arm.converted;
}

/**
 * Every variant against the control on the primary metric: rates by the score interval, revenue per assigned person
 * (capped at the plan's percentile) by Welch with a permutation test; several variants by Dunnett (stats 3.2, 3.4, 4).
 *
 * @param boundary critical value of a look (`monitor.ts`), which accounts for the number of variants and of looks
 */
export function comparePrimary(plan: Level, parts: Parts, facts: RevenueFacts, boundary?: number): Outcome<Family> {
  return plan.metric === "revenue"
    ? compareRevenues(plan.alpha, parts, { ...facts, boundary })
    : compareRates(parts, (arm) => successes(plan.metric, arm), { alpha: plan.alpha, boundary });
}

/** Rates of everybody assigned. `boundary`: the critical value of a look, instead of Dunnett's. */
export function compareRates(
  { control, treatments }: Parts,
  x: (arm: ArmCounts) => number,
  { alpha, boundary }: { alpha: number; boundary?: number },
): Outcome<Family> {
  const countsOf = (arm: ArmCounts) => ({ x: x(arm), n: arm.assigned });
  const arms = treatments.map(countsOf);
  if (boundary !== undefined) {
    const atLook = compareAtBoundary(countsOf(control), arms, { alpha, critical: boundary });
    if (atLook.value === null) return atLook;
    const comparisons = atLook.value.map((comparison) => ({ comparison, pAdjusted: null }));
    return computed({ compared: comparedRates(treatments, comparisons), critical: boundary });
  }
  const family = compareWithControl(countsOf(control), arms, alpha);
  if (family.value === null) return family;
  const { comparisons, critical } = family.value;
  return computed({ compared: comparedRates(treatments, comparisons), critical });
}

function comparedRates(
  treatments: readonly ArmCounts[],
  comparisons: readonly { comparison: ProportionComparison; pAdjusted: number | null }[],
): Compared[] {
  return comparisons.map(
    ({ comparison, pAdjusted }, index): Compared => ({
      key: treatments[index]?.key ?? "",
      estimate: comparison.diff,
      lower: comparison.scoreLo,
      upper: comparison.scoreHi,
      p: comparison.p,
      pAdjusted,
      test: comparison.method,
      value: comparison.pt,
      controlValue: comparison.pc,
    }),
  );
}

export interface RevenueFacts {
  /** Major units of each person who bought, by part. */
  revenue: ReadonlyMap<string, readonly number[]>;
  /** Of the permutation test: the plan's hash, so that anybody gets the same p. */
  seed: string;
}

function compareRevenues(
  alpha: number,
  { control, treatments }: Parts,
  { revenue, seed, boundary }: RevenueFacts & { boundary?: number },
): Outcome<Family> {
  const armOf = (arm: ArmCounts) => ({ n: arm.assigned, values: revenue.get(arm.key) ?? [] });
  const at = (level: number): Outcome<RevenueComparison[]> => {
    const results = [];
    for (const arm of treatments) {
      const plan = { alpha: level, cap: DEFAULT_CAP, random: seededRandom(`${seed} ${arm.key}`) };
      const result = compareRevenue(armOf(control), armOf(arm), plan);
      if (result.value === null) return result;
      results.push(result.value);
    }
    return computed(results);
  };
  const raw = at(alpha);
  if (raw.value === null) return raw;
  const tested = raw.value.map(({ p }, index) => ({
    z: normQuantile(Math.max(p, 1e-300) / 2),
    n: treatments[index]?.assigned ?? 0,
  }));
  const family = dunnett(tested, control.assigned, alpha);
  if (family.value === null) return family;
  const { crit, p } = family.value;
  const critical = boundary ?? crit;
  const adjusted = boundary === undefined ? p : [];
  const cut = treatments.length === 1 && boundary === undefined ? raw : at(2 * normSf(critical));
  if (cut.value === null) return cut;
  const compared = cut.value.map(
    ({ capped, p, method }, index): Compared => ({
      key: treatments[index]?.key ?? "",
      estimate: capped.diff * MICROS,
      lower: capped.lo * MICROS,
      upper: capped.hi * MICROS,
      p,
      pAdjusted: adjusted[index] ?? null,
      test: method,
      value: perPerson(treatments[index]),
      controlValue: perPerson(control),
    }),
  );
  return computed({ compared, critical });
}

/**
 * The one of several variants that beats every other one after Holm; null when the data do not tell them apart. One alone
 * is the best of one.
 */
export function bestOf(plan: Level, arms: readonly ArmCounts[], facts: RevenueFacts): string | null {
  if (arms.length < 2) return arms[0]?.key ?? null;
  if (plan.metric === "revenue") return bestByRevenue(plan.alpha, arms, facts);
  const pairs = compareAllPairs(
    arms.map((arm) => ({ x: successes(plan.metric, arm), n: arm.assigned })),
    plan.alpha,
  );
  const best = pairs.value?.best ?? null;
  return best === null ? null : (arms[best]?.key ?? null);
}

function bestByRevenue(alpha: number, arms: readonly ArmCounts[], { revenue, seed }: RevenueFacts): string | null {
  const armOf = (arm: ArmCounts) => ({ n: arm.assigned, values: revenue.get(arm.key) ?? [] });
  const pairs = arms.flatMap((one, index) =>
    arms.slice(index + 1).map((other) => {
      const random = seededRandom(`${seed} ${one.key} ${other.key}`);
      const result = compareRevenue(armOf(one), armOf(other), { alpha, cap: DEFAULT_CAP, random }).value;
      return { p: result?.p ?? 1, better: (result?.capped.diff ?? 0) > 0 ? other.key : one.key };
    }),
  );
  const adjusted = holm(pairs.map(({ p }) => p)).value ?? [];
  const wins = (key: string) => pairs.filter(({ better }, i) => better === key && (adjusted[i] ?? 1) < alpha).length;
  return arms.find(({ key }) => wins(key) === arms.length - 1)?.key ?? null;
}

/** As it came in, not capped: what the table shows. */
function perPerson(arm: ArmCounts | undefined): number {
  return arm && arm.assigned > 0 ? arm.revenueMicros / arm.assigned : 0;
}
