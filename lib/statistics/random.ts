/** Uniform numbers in [0, 1). Whoever needs chance is handed one: results must be reproducible from the plan. */
export type RandomSource = () => number;

/**
 * The same numbers for the same seed, for ever: sfc32 (Doty-Humphrey, PractRand) with 53 bits a number, its state filled
 * from the characters of the seed. For simulation and permutation, not for secrets nor for allocating contacts.
 */
export function seededRandom(seed: string): RandomSource {
  const fill = characterHash(seed);
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    return out >>> 0;
  };
  for (let step = 0; step < 12; step += 1) next();
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** 32-bit words from a text (the finaliser of MurmurHash3 over its running state). */
function characterHash(text: string): () => number {
  let state = 1_779_033_703 ^ text.length;
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 3_432_918_353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
    state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
    state ^= state >>> 16;
    return state | 0;
  };
}
