/** Every scenario that bands.json has a band for, by its name there. */
import { movingShares, significanceThenRoll, testThenRoll, winnersCurse } from "./choosing";
import { adjustedForPast, coverage, deliveryDiffers, rejection, revenueByPermutation } from "./one-look";
import type { Scenario } from "./scenario";
import { allAlike, allPairs, splitOnce, splitWatched, withControl } from "./several-arms";
import {
  alwaysValid,
  BLAST_LOOKS,
  blast,
  drip,
  evenly,
  everyHundredth,
  peeking,
  plannedLooks,
  plannedOdds,
  revenueLooks,
} from "./several-looks";

const alike = (p: number, nc: number, nt = nc) => ({ pc: p, pt: p, nc, nt });

/** 200 more contacts per arm at each of 100 looks, and five looks at the same. */
const aaDrip = (looks: number) => drip({ pc: 0.05, pt: 0.05 }, evenly(20_000, looks));
const fifths = evenly(5, 5).map((fifth) => fifth / 5);

/** Contacts per arm that find 0.10 → 0.12 with 80 %. */
const PLANNED = 3841;
const realEffect = { pc: 0.1, pt: 0.12 };

export const scenarios: Readonly<Record<string, Scenario>> = {
  "oc-type1-score": rejection(alike(0.05, 20_000)),
  "oc-type1-score-rare": rejection(alike(0.002, 1000)),
  "oc-type1-score-unequal": rejection(alike(0.002, 500, 4500)),
  "oc-type1-score-unequal-2": rejection(alike(0.02, 200, 1800)),
  "oc-coverage-score-diff": coverage({ pc: 0.02, pt: 0.03, nc: 500, nt: 500 }, "difference"),
  "oc-coverage-score-ratio-rare": coverage({ pc: 0.002, pt: 0.004, nc: 1000, nt: 1000 }, "ratio"),
  "oc-peek-naive": peeking(aaDrip(100)),
  "oc-peek-always-valid": alwaysValid(aaDrip(100)),
  "oc-peek-gs-obf": plannedLooks(aaDrip(5), { fractions: fifths, spending: "obf" }),
  "oc-peek-gs-pocock": plannedLooks(aaDrip(5), { fractions: fifths, spending: "pocock" }),
  "oc-blast-naive": peeking(blast(everyHundredth)),
  "oc-blast-always-valid": alwaysValid(blast(everyHundredth)),
  "oc-blast-gs": plannedLooks(blast(BLAST_LOOKS), { fractions: plannedOdds(BLAST_LOOKS), spending: "obf" }),
  "oc-revenue-blast-gs": revenueLooks,
  "oc-power": rejection({ ...realEffect, nc: PLANNED, nt: PLANNED }),
  "oc-power-gs": plannedLooks(drip(realEffect, evenly(Math.round(1.03 * PLANNED), 5)), {
    fractions: fifths,
    spending: "obf",
    size: { lo: 6290, hi: 6390 },
  }),
  "oc-power-always-valid": alwaysValid(drip(realEffect, evenly(PLANNED, 100))),
  "oc-fwer-dunnett": withControl,
  "oc-fwer-pairs": allPairs,
  "oc-omnibus": allAlike,
  "oc-srm-once": splitOnce,
  "oc-srm-sequential": splitWatched(0.5),
  "oc-srm-power": splitWatched(0.52),
  "oc-bandit-batched": movingShares,
  "oc-revenue-perm": revenueByPermutation,
  "oc-winner-regret": testThenRoll,
  "oc-winner-regret-significance": significanceThenRoll,
  "oc-winners-curse": winnersCurse,
  "oc-cuped": adjustedForPast,
  "oc-itt-sign": deliveryDiffers,
};
