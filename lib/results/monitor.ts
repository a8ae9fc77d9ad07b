import type { DueLook } from "@/lib/experiments/method";
import type { ExperimentPlan } from "@/lib/experiments/plan";
import { alwaysValidP, mixtureBoundary } from "@/lib/statistics/always-valid";
import { compareMeans } from "@/lib/statistics/compare-means";
import { normTwoSided, twoSidedCritical } from "@/lib/statistics/distributions";
import { groupSequential } from "@/lib/statistics/group-sequential";
import { oddsClock, varianceClock } from "@/lib/statistics/information";
import { momentsFromSums } from "@/lib/statistics/moments";
import type { Monitoring } from "./analysis";
import { type ArmCounts, revenueSums } from "./arm-counts";
import { type Parts, successes } from "./compare";

/** Always-valid intervals begin with so many people and outcomes in every part (stats/design.md 5). */
const FEWEST_PEOPLE = 100;
const FEWEST_OUTCOMES = 10;

/** Information that stood still between two looks counts as having grown by this share: a boundary needs a step. */
const STANDSTILL = 1e-3;

/** What a look may conclude from, before anybody looks at a difference. */
export type Boundary = Omit<Monitoring, "isStop" | "nextAt">;

/**
 * The boundary of a look: by how many standard errors a variant must differ. Each of m variants has α/m (Bonferroni), so that
 * the chance of any false conclusion at any look stays below α. Null for the method `fixed`. Everybody was written to at
 * once, so the clock is the pooled odds of the outcome, or for money the variance of the difference.
 */
export function boundaryOf(
  plan: ExperimentPlan,
  parts: Parts,
  { look, earlier }: { look: Pick<DueLook, "n" | "count" | "share">; earlier: readonly Monitoring[] },
): Boundary | null {
  if (plan.method === "fixed") return null;
  const alphaEach = plan.alpha / Math.max(1, parts.treatments.length);
  const information = informationOf(plan, parts);
  const common = { share: look.share, alphaEach, information };
  if (plan.method === "always-valid") {
    const critical = hasEnough(plan, parts) ? alwaysValidCritical(plan, { information, alphaEach }) : null;
    return { method: "always-valid", ...common, path: [], critical, cumAlpha: null, nominalP: nominalOf(critical) };
  }
  const isLast = look.n === look.count;
  if (information === null) {
    const critical = isLast ? twoSidedCritical(alphaEach) : null;
    return {
      method: "looks",
      ...common,
      path: [],
      critical,
      cumAlpha: isLast ? alphaEach : null,
      nominalP: nominalOf(critical),
    };
  }
  const path = growing([...earlier, { share: look.share, information }]);
  const looks = path.map((one) => ({ spendTime: one.share, information: one.information }));
  const boundary = groupSequential(looks, alphaEach, plan.spending ?? "obf").value?.at(-1);
  const critical = boundary && Number.isFinite(boundary.crit) ? boundary.crit : null;
  return {
    method: "looks",
    ...common,
    information: path.at(-1)?.information ?? information,
    path,
    critical,
    cumAlpha: boundary?.cumAlpha ?? null,
    nominalP: nominalOf(critical),
  };
}

const nominalOf = (critical: number | null): number | null => (critical === null ? null : normTwoSided(critical));

/** Looks that had information, each with more of it than the one before. */
function growing(looks: readonly { share: number; information: number | null }[]) {
  const path: { share: number; information: number }[] = [];
  for (const { share, information } of looks) {
    if (information === null) continue;
    const least = (path.at(-1)?.information ?? 0) * (1 + STANDSTILL);
    path.push({ share, information: Math.max(information, least) });
  }
  return path;
}

function informationOf(plan: Pick<ExperimentPlan, "metric">, { control, treatments }: Parts): number | null {
  if (plan.metric === "revenue") {
    const c = momentsFromSums(revenueSums([control])).value;
    const errors = treatments.map((arm) => {
      const t = momentsFromSums(revenueSums([arm])).value;
      return c && t ? (compareMeans(c, t, 0.05).value?.se ?? 0) : 0;
    });
    return varianceClock(Math.sqrt(errors.reduce((sum, se) => sum + se * se, 0) / Math.max(1, errors.length))).value;
  }
  return oddsClock([control, ...treatments].map((arm) => ({ x: successes(plan.metric, arm), n: arm.assigned }))).value;
}

function hasEnough(plan: Pick<ExperimentPlan, "metric">, { control, treatments }: Parts): boolean {
  return [control, ...treatments].every(
    (arm) => arm.assigned >= FEWEST_PEOPLE && successes(plan.metric, arm) >= FEWEST_OUTCOMES,
  );
}

const odds = (rate: number): number => rate / (1 - rate);

function alwaysValidCritical(
  { plannedRate = 0.05 }: Pick<ExperimentPlan, "plannedRate">,
  { information, alphaEach }: { information: number | null; alphaEach: number },
): number | null {
  if (information === null) return null;
  return mixtureBoundary(information / odds(plannedRate), alphaEach).value?.z ?? null;
}

/** p of one variant that holds at every look, adjusted for the number of variants; below α exactly where its interval excludes 0. */
export function anyTimeP(z: number, boundary: Boundary, { plannedRate = 0.05, alpha }: ExperimentPlan): number | null {
  if (boundary.information === null) return null;
  const p = alwaysValidP(z, boundary.information / odds(plannedRate), boundary.alphaEach).value;
  return p === null ? null : Math.min(1, (p * alpha) / boundary.alphaEach);
}

/**
 * Critical value for a guardrail of a plan that looks more than once: always-valid at α/m, narrowest where the harmed share
 * has reached the limit. Without a harmed person the clock reads as with one.
 */
export function guardrailBoundary(
  arms: readonly Pick<ArmCounts, "assigned">[],
  { harmed, limit, alphaEach }: { harmed: number; limit: number; alphaEach: number },
): number | undefined {
  const people = arms.reduce((sum, { assigned }) => sum + assigned, 0);
  const rate = Math.max(1, harmed) / Math.max(2, people + 1);
  return mixtureBoundary(odds(rate) / odds(Math.min(0.99, limit)), alphaEach).value?.z;
}
