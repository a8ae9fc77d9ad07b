/** What looking more than once costs: the chance of an effect being found at some look, and how soon. */
import { mixtureBoundary } from "./always-valid";
import { normPdf, normQuantile, normSf, twoSidedCritical } from "./distributions";
import { groupSequential, type Spending } from "./group-sequential";
import { computed, isOpenShare, type Outcome, unavailable } from "./outcome";
import { gaussLegendre, sum } from "./quadrature";

/** A look: information, of which only ratios matter, and the |Z| that stops the test there. */
export interface StoppingLook {
  readonly information: number;
  readonly crit: number;
}

export interface LooksPower {
  /** Chance that |Z| reaches its boundary at some look. */
  readonly power: number;
  /** Mean information at the stop as a share of the last look's; 1 = every test runs to its end. */
  readonly meanInformation: number;
}

const rule = gaussLegendre(128);
/** Standard deviations beyond which a score has no mass worth counting. */
const REACH = 9;

/**
 * Exit probabilities by recursive integration of the score's sub-density under an effect (Armitage, McPherson & Rowe 1969; Jennison
 * & Turnbull 2000, ch. 19). `drift` is the mean of Z at the last look: z_{1−α/2} + z_power for a test that has `power` with
 * one look; 0 without an effect.
 */
export function powerOfLooks(looks: readonly StoppingLook[], drift: number): Outcome<LooksPower> {
  const last = looks.at(-1);
  const isValid = looks.every(
    ({ information, crit }, index) =>
      information > (looks[index - 1]?.information ?? 0) && Number.isFinite(information) && crit >= 0,
  );
  if (!isValid || last === undefined || !Number.isFinite(drift)) return unavailable("invalidInput");
  const slope = drift / Math.sqrt(last.information);
  let continuing: readonly { x: number; mass: number }[] = [{ x: 0, mass: 1 }];
  let before = 0;
  let power = 0;
  let used = 0;
  for (const { information, crit } of looks) {
    const step = Math.sqrt(information - before);
    const shift = slope * (information - before);
    const bound = Math.min(crit, REACH + Math.abs(slope) * Math.sqrt(information)) * Math.sqrt(information);
    const stopped = sum(
      continuing.map(({ x, mass }) => mass * (normSf((bound - x - shift) / step) + normSf((bound + x + shift) / step))),
    );
    power += stopped;
    used += stopped * information;
    const from = continuing;
    continuing = rule.map((node) => {
      const x = node.x * bound;
      const density = sum(from.map((one) => (one.mass * normPdf((x - one.x - shift) / step)) / step));
      return { x, mass: node.weight * bound * density };
    });
    before = information;
  }
  const share = Math.min(1, Math.max(0, power));
  return computed({ power: share, meanInformation: (used + (1 - share) * last.information) / last.information });
}

/** How a plan looks at its data: once, at planned shares of the information, or as often as anybody likes. */
export type Monitoring =
  | { readonly method: "fixed" }
  | { readonly method: "looks"; readonly at: readonly number[]; readonly spending: Spending }
  | { readonly method: "always-valid"; readonly looks: number };

export interface MethodPrice extends LooksPower {
  /** By how much more people the method finds what one look finds with the wanted power. */
  readonly inflation: number;
}

/** The price of a method: what remains of the power that one look would have, and the factor that buys it back. */
export function priceOf(monitoring: Monitoring, alpha: number, wanted: number): Outcome<MethodPrice> {
  if (!isOpenShare(alpha) || !isOpenShare(wanted)) return unavailable("invalidInput");
  if (monitoring.method === "fixed") return computed({ power: wanted, meanInformation: 1, inflation: 1 });
  const looks = stoppingLooks(monitoring, alpha);
  if (looks.value === null) return looks;
  const stops = looks.value;
  const drift = twoSidedCritical(alpha) + normQuantile(wanted);
  const now = powerOfLooks(stops, drift);
  if (now.value === null) return now;
  const short = (factor: number) => (powerOfLooks(stops, drift * Math.sqrt(factor)).value?.power ?? 0) - wanted;
  return computed({ ...now.value, inflation: bisectCoarsely(short) });
}

function stoppingLooks(monitoring: Exclude<Monitoring, { method: "fixed" }>, alpha: number): Outcome<StoppingLook[]> {
  if (monitoring.method === "looks") {
    const looks = monitoring.at.map((share) => ({ spendTime: share, information: share }));
    const boundaries = groupSequential(looks, alpha, monitoring.spending);
    if (boundaries.value === null) return boundaries;
    const { value } = boundaries;
    return computed(
      looks.map(({ information }, n) => ({ information, crit: value[n]?.crit ?? Number.POSITIVE_INFINITY })),
    );
  }
  if (!Number.isSafeInteger(monitoring.looks) || monitoring.looks < 1) return unavailable("invalidInput");
  const looks = [];
  for (let n = 1; n <= monitoring.looks; n += 1) {
    const information = n / monitoring.looks;
    const boundary = mixtureBoundary(information, alpha);
    if (boundary.value === null) return boundary;
    looks.push({ information, crit: boundary.value.z });
  }
  return computed(looks);
}

/** A factor between 1 and 8 to a thousandth: each step costs an integration of all looks. */
function bisectCoarsely(short: (factor: number) => number): number {
  let low = 1;
  let high = 8;
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (short(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
