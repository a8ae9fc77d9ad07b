import { EMPTY_ROOT, hashNode } from "./hash";

// The proving side of RFC 6962 2.1. A proof is first planned as ranges of leaves, so that the same plan serves an inner
// tree in memory and a log whose hashes lie in tiles; the checking side is verifier.ts.

/** The leaves `start` (included) to `end` (not included). */
export interface Range {
  start: number;
  end: number;
}

/** A complete subtree: 2^`level` leaves, the `index`-th of that size. */
export interface Subtree {
  level: number;
  index: number;
}

/** The root over these leaf hashes (or subtree hashes of one level), in order. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(joined(level[i], level[i + 1]));
    level = above;
  }
  return level[0] ?? EMPTY_ROOT;
}

/** The hash above two neighbours; a hash without a right neighbour rises as it is. */
function joined(left: Buffer | undefined, right: Buffer | undefined): Buffer {
  if (!left) return EMPTY_ROOT;
  return right ? hashNode(left, right) : left;
}

/** Proof that leaf `index` is in the tree over these leaf hashes. */
export function proveInclusionIn(leafHashes: readonly Buffer[], index: number): Buffer[] {
  return inclusionRanges(index, leafHashes.length).map(({ start, end }) => rootOf(leafHashes.slice(start, end)));
}

/** Proof that the tree over these leaf hashes only appended to its first `size1` leaves. */
export function proveConsistencyIn(leafHashes: readonly Buffer[], size1: number): Buffer[] {
  return consistencyRanges(size1, leafHashes.length).map(({ start, end }) => rootOf(leafHashes.slice(start, end)));
}

/** The ranges whose roots make an inclusion proof, from the leaf upwards (PATH of RFC 6962 2.1.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  if (index < 0 || index >= size) throw new RangeError("The leaf is outside the tree");
  const ranges: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose roots make a consistency proof, from the old edge upwards (SUBPROOF of RFC 6962 2.1.2). */
export function consistencyRanges(size1: number, size2: number): Range[] {
  if (size1 < 1 || size1 > size2)
    throw new RangeError("A consistency proof goes from 1 leaf or more to at least as many");
  const ranges: Range[] = [];
  let start = 0;
  let end = size2;
  while (end !== size1) {
    const middle = start + splitOf(end - start);
    if (size1 <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/** The complete subtrees that a range is made of, largest first: they fold into its root with `foldSubtrees`. */
export function subtreesOf({ start, end }: Range): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
}

/** The root of a range from the hashes of its complete subtrees, largest first. */
export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight<Buffer | undefined>((right, left) => joined(left, right), undefined) ?? EMPTY_ROOT;
}

/** The largest power of two smaller than `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
