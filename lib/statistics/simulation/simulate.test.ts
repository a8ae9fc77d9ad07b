import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { groupSequential } from "../group-sequential";
import { scenarios } from "./scenarios";
import { BLAST_LOOKS, plannedOdds } from "./several-looks";
import { add, type Band, bandsNamed, chunksOf, figuresOf, player, type Tally } from "./simulate";

const copied = join(import.meta.dirname, "bands.json");
const specified = join(import.meta.dirname, "../../../../shared/stats/operating-characteristics.json");

/** The short form of `npm run simulate`: enough to notice a wrong formula, not a wrong digit. */
const RUNS = 250;
const SEED = 1;

const all = (): readonly Band[] => {
  const bands = bandsNamed([]);
  return "unknown" in bands ? [] : bands;
};

const bandOf = (id: string): Band => {
  const band = all().find((one) => one.id === id);
  if (!band) throw new Error(`no band ${id}`);
  return band;
};

function playShort(band: Band, runs = RUNS): Tally {
  const play = player(SEED);
  return chunksOf([band], runs)
    .map(play)
    .reduce((sum, tally) => add(sum, tally));
}

describe("operating characteristics, short form", () => {
  it.each(all().map(({ id }) => id))("%s lies in its band", (id) => {
    const band = bandOf(id);
    const missed = figuresOf(band, playShort(band)).filter(({ isWithin }) => !isWithin);
    expect(missed).toEqual([]);
  });

  it("every band has its scenario, and every scenario its band", () => {
    expect(Object.keys(scenarios).toSorted()).toEqual(
      all()
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it.skipIf(!existsSync(specified))("the bands are those of the specification", () => {
    const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
    expect(read(copied)).toEqual(read(specified));
  });

  it("the planned boundaries of the blast are those that the specification names", () => {
    const looks = plannedOdds(BLAST_LOOKS).map((fraction) => ({ spendTime: fraction, information: fraction }));
    const critical = (groupSequential(looks, 0.05, "obf").value ?? []).map(({ crit }) => Number(crit.toFixed(3)));
    expect(critical).toEqual([5.457, 3.924, 2.655, 2.181, 2.051]);
  });
});

describe("how figures are judged", () => {
  const band = bandOf("oc-type1-score");
  const tally = (runs: number, rejected: number): Tally => ({ count: runs, sums: [rejected], squares: [rejected] });

  it("the whole number of runs is held against the band as it stands", () => {
    const at = (rejected: number) => figuresOf(band, tally(20_000, rejected))[0];
    expect([at(890)?.isWithin, at(889)?.isWithin]).toEqual([true, false]);
    expect([at(1110)?.isWithin, at(1111)?.isWithin]).toEqual([true, false]);
  });

  it("fewer runs widen it by the exact binomial error of a method on its edge, and no more", () => {
    const [figure] = figuresOf(band, tally(200, 10));
    // P(X ≤ 0 | 200, 0.0445) = 1.1e-4; P(X > 24 | 200, 0.0555) = 1.4e-4, P(X > 25) = 5.3e-5.
    expect(figure).toMatchObject({ lo: 0, hi: 25 / 200, isWithin: true });
    expect(figuresOf(band, tally(200, 40))[0]?.isWithin).toBe(false);
  });

  it("fewer runs are the beginning of many, and the seed alone decides them", () => {
    const scenario = bandOf("oc-omnibus");
    const chunks = chunksOf([scenario], 1100);
    expect(chunks.map(({ count }) => count)).toEqual([500, 500, 100]);
    const forwards = chunks.map(player(7));
    const backwards = chunks.toReversed().map(player(7)).toReversed();
    expect(backwards).toEqual(forwards);
    expect(chunksOf([scenario], 600).slice(0, 1).map(player(7))).toEqual(forwards.slice(0, 1));
    expect(chunks.map(player(8))).not.toEqual(forwards);
  });

  it("a method that errs is caught even in the short form: peeking leaves the band of the planned looks", () => {
    const peeked = playShort(bandOf("oc-peek-naive"));
    expect(figuresOf(bandOf("oc-peek-gs-obf"), peeked)[0]?.isWithin).toBe(false);
  });

  it("a name that nobody has is said", () => {
    expect(bandsNamed(["cuped", "nobody"])).toEqual({ unknown: "nobody" });
    expect(bandsNamed(["cuped"])).toEqual([bandOf("oc-cuped")]);
  });
});
