import { createHmac } from "node:crypto";
import { LANES } from "@/lib/foundation/ids";

export const HOLDOUT = "holdout";

export interface Arm {
  readonly key: string;
  /** Positive whole number; only its proportion to the other weights counts. */
  readonly weight: number;
}

export interface Split {
  readonly arms: readonly Arm[];
  /** Share of everybody that is sent nothing, in basis points (0–5000). */
  readonly holdoutBasisPoints: number;
}

export interface Allocation extends Split {
  /** 32 random bytes of the frozen plan. */
  readonly seed: Uint8Array;
  /** 0–63: all contacts are of this lane, and all eligible contacts of the lane are here. */
  readonly lane: number;
  /** `id`: lower-case uuid. `stratum`: country, or one constant where the plan has no strata. */
  readonly contacts: readonly { readonly id: string; readonly stratum: string }[];
}

const BASIS = 10_000;

export interface Allocated {
  readonly id: string;
  /** Key of an arm, or "holdout". */
  readonly part: string;
  /**
   * 20 hex digits, uniform and independent of the part (the cut goes by other digits of the same HMAC): ordering people by it mixes
   * the parts at random, the same way from the same seed.
   */
  readonly order: string;
}

/**
 * Who gets what, by README decision 13 (in plans: `hmac-sha256-cut-v1`): exact shares within each stratum × lane, reproducible from the frozen plan.
 *
 * The procedure, which anybody can repeat with the seed and the list of ids:
 * 1. Parts are the arms in the order of their keys, then the holdout. With W the sum of weights and h the holdout's
 *    basis points, the holdout's share is h / 10000 and an arm's (10000 − h) / 10000 · weight / W.
 * 2. People of one stratum and lane are ordered by HMAC-SHA-256(key: seed, message: contact id as lower-case text).
 * 3. Each part takes the whole part of share · n. What is left over goes to the fractions by systematic sampling: with
 *    fractions laid end to end, those into which u, u + 1, u + 2 … fall take one person more. So a part gets its extra
 *    person with a probability equal to its fraction, and no part is favoured in the long run.
 * 4. u = (u₀ + r / 64) mod 1, where u₀ is the first 48 bits of HMAC-SHA-256(seed, "remainders:" + stratum) / 2^48 and r
 *    is the lane with its six bits reversed. Each lane's u is uniform, and the 64 of them are spread evenly, so the
 *    left-overs of the lanes cancel each other instead of adding up.
 * 5. The ordered people are cut in the order of the parts.
 *
 * @returns every contact once
 */
export function allocate({ seed, lane, arms, holdoutBasisPoints, contacts }: Allocation): Allocated[] {
  const parts = partsOf({ arms, holdoutBasisPoints });
  const result: Allocated[] = [];
  for (const [stratum, ids] of byStratum(contacts)) {
    const ordered = ids
      .map((id) => ({ id, order: createHmac("sha256", seed).update(id).digest("hex") }))
      .sort((a, b) => (a.order < b.order ? -1 : 1));
    let next = 0;
    for (const { key, size } of sizesOf(parts, ordered.length, remainderPoint(seed, stratum, lane))) {
      for (const { id, order } of ordered.slice(next, next + size))
        result.push({ id, part: key, order: order.slice(-20) });
      next += size;
    }
  }
  return result;
}

/** The planned share of every part, holdout included where there is one; they add up to 1. */
export function plannedShares(split: Split): Map<string, number> {
  const parts = partsOf(split);
  return new Map(parts.numerators.map(({ key, numerator }) => [key, numerator / parts.denominator]));
}

/** How many of `people` each part gets, to the nearest person: for previews, before anybody is allocated. */
export function expectedSizes(split: Split, people: number): Map<string, number> {
  return new Map(sizesOf(partsOf(split), people, 0.5).map(({ key, size }) => [key, size]));
}

interface Parts {
  numerators: { key: string; numerator: number }[];
  denominator: number;
}

/** Shares as whole numbers over one denominator, so that no rounding of fractions decides about a person. */
function partsOf({ arms, holdoutBasisPoints }: Split): Parts {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  if (!arms.every(({ weight }) => Number.isInteger(weight) && weight > 0) || total === 0)
    throw new RangeError("Weights are positive whole numbers");
  if (!Number.isInteger(holdoutBasisPoints) || holdoutBasisPoints < 0 || holdoutBasisPoints >= BASIS)
    throw new RangeError("The holdout is a whole number of basis points below 10000");
  const numerators = [...arms]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, weight }) => ({ key, numerator: (BASIS - holdoutBasisPoints) * weight }));
  if (holdoutBasisPoints > 0) numerators.push({ key: HOLDOUT, numerator: holdoutBasisPoints * total });
  return { numerators, denominator: BASIS * total };
}

function sizesOf({ numerators, denominator }: Parts, people: number, point: number): { key: string; size: number }[] {
  let laid = 0; // fractions laid end to end, in units of 1 / denominator: whole numbers, hence exact
  return numerators.map(({ key, numerator }) => {
    const start = laid;
    laid += (people * numerator) % denominator;
    const takesExtra = pointsBelow(laid / denominator, point) > pointsBelow(start / denominator, point);
    return { key, size: Math.floor((people * numerator) / denominator) + (takesExtra ? 1 : 0) };
  });
}

/** How many of point, point + 1, point + 2 … are below x. */
function pointsBelow(x: number, point: number): number {
  return Math.max(0, Math.ceil(x - point));
}

function remainderPoint(seed: Uint8Array, stratum: string, lane: number): number {
  if (!Number.isInteger(lane) || lane < 0 || lane >= LANES) throw new RangeError(`${lane} is not a lane`);
  const start = createHmac("sha256", seed).update(`remainders:${stratum}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return (start + reversedBits(lane) / LANES) % 1;
}

function reversedBits(lane: number): number {
  let reversed = 0;
  for (let bit = 1; bit < LANES; bit *= 2) reversed = reversed * 2 + (lane & bit ? 1 : 0);
  return reversed;
}

function byStratum(contacts: Allocation["contacts"]): Map<string, string[]> {
  const strata = new Map<string, string[]>();
  for (const { id, stratum } of contacts) {
    const ids = strata.get(stratum);
    if (ids) ids.push(id);
    else strata.set(stratum, [id]);
  }
  return strata;
}
