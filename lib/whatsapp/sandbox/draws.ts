/**
 * Seeded uniform numbers for people. Each is a function of the seed and a name (a person, a message) alone, so a run
 * can be repeated and does not depend on the order in which people are met.
 */

/** 128 bits from a text (cyrb128 by bryc, public domain): cheap, and well mixed enough for simulation. */
function mix(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/** A generator of uniform numbers in [0, 1) named by a text (sfc32 by Chris Doty-Humphrey, public domain). */
export function drawsFor(text: string): () => number {
  let [a, b, c, d] = mix(text);
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** A standard normal number from two uniform ones (Box and Muller 1958). */
export function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

/** A short, stable name for a text, for order numbers and reply ids. */
export function shortHash(text: string): string {
  return mix(text)
    .map((part) => part.toString(16).padStart(8, "0"))
    .join("")
    .slice(0, 20);
}
