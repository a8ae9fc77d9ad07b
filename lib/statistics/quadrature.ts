/** A node of a quadrature rule: the integral of f is Σ weight·f(x). */
export interface Node {
  readonly x: number;
  readonly weight: number;
}

const PANEL_NODES = 64;

/** Gauss–Legendre nodes on [−1, 1], by Newton's method on the Legendre polynomial (exact to degree 2·size − 1). */
export function gaussLegendre(size: number): Node[] {
  return Array.from({ length: size }, (_, index) => {
    let x = -Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    let slope = 1;
    for (let step = 0; step < 12; step += 1) {
      const [value, previous] = legendre(size, x);
      slope = (size * (x * value - previous)) / (x * x - 1);
      const next = x - value / slope;
      if (next === x) break;
      x = next;
    }
    return { x, weight: 2 / ((1 - x * x) * slope * slope) };
  });
}

/** P_n(x) and P_{n−1}(x) by the three-term recurrence. */
function legendre(size: number, x: number): [number, number] {
  let previous = 1;
  let value = x;
  for (let degree = 2; degree <= size; degree += 1) {
    const next = ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree;
    previous = value;
    value = next;
  }
  return size === 0 ? [1, 0] : [value, previous];
}

const panelRule = gaussLegendre(PANEL_NODES);

/** Nodes for an integral that is smooth between neighbouring break points (ascending): one Gauss–Legendre panel each. */
export function panels(breaks: readonly number[], rule: readonly Node[] = panelRule): Node[] {
  const nodes: Node[] = [];
  let start: number | undefined;
  for (const end of breaks) {
    if (start !== undefined && end > start) {
      const half = (end - start) / 2;
      const middle = start + half;
      for (const { x, weight } of rule) nodes.push({ x: middle + half * x, weight: weight * half });
    }
    start = end;
  }
  return nodes;
}

/** Ends of `count` equal parts of [lo, hi]. */
export const equalBreaks = (lo: number, hi: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, index) => lo + ((hi - lo) * index) / count);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
