/**
 * QR codes (ISO/IEC 18004) of short texts: byte mode, error correction M, versions 1 to 10 (213 bytes). Enough for an address,
 * and it works where nothing may be fetched.
 */

/** By version: codewords in all, correction codewords of a block, blocks (level M). */
const VERSIONS = [
  [26, 10, 1],
  [44, 16, 1],
  [70, 26, 1],
  [100, 18, 2],
  [134, 24, 2],
  [172, 16, 4],
  [196, 18, 4],
  [242, 22, 4],
  [292, 22, 5],
  [346, 26, 5],
] as const;

/** Centres of the alignment patterns, by version. */
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

const QUIET_ZONE = 4;

/** Rows of modules, dark ones true. @throws RangeError for more than 213 bytes */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = VERSIONS.findIndex((_, i) => bytes.length <= capacity(i + 1)) + 1;
  if (version === 0) throw new RangeError("too long for a QR code of version 10");
  const codewords = withCorrection(dataCodewords(bytes, version), version);
  const masked = Array.from({ length: 8 }, (_, mask) => draw(codewords, version, mask));
  const [best] = masked.map((grid) => ({ grid, penalty: penaltyOf(grid) })).toSorted((a, b) => a.penalty - b.penalty);
  return best?.grid ?? [];
}

/** As one path of an SVG, with the quiet zone: `<svg viewBox="0 0 size size"><path d=…>`. */
export function qrPath(text: string): { size: number; path: string } {
  const rows = qrCode(text);
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`] : [])))
    .join("");
  return { size: rows.length + 2 * QUIET_ZONE, path };
}

function blocksOf(version: number): { data: number; correction: number; blocks: number } {
  const [all, correction, blocks] = VERSIONS[version - 1] ?? VERSIONS[0];
  return { data: all - correction * blocks, correction, blocks };
}

const lengthBits = (version: number) => (version < 10 ? 8 : 16);

function capacity(version: number): number {
  return Math.floor((blocksOf(version).data * 8 - 4 - lengthBits(version)) / 8);
}

function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const { data } = blocksOf(version);
  const bits = [...bitsOf(0b0100, 4), ...bitsOf(bytes.length, lengthBits(version))];
  for (const byte of bytes) bits.push(...bitsOf(byte, 8));
  bits.push(...bitsOf(0, Math.min(4, data * 8 - bits.length)));
  while (bits.length % 8 > 0) bits.push(0);
  const codewords = Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );
  for (let pad = 0xec; codewords.length < data; pad ^= 0xec ^ 0x11) codewords.push(pad);
  return codewords;
}

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (value >> (count - 1 - i)) & 1);
}

/** Blocks of data and of correction, interleaved. The last blocks are one codeword longer. */
function withCorrection(data: readonly number[], version: number): number[] {
  const { correction, blocks } = blocksOf(version);
  const short = Math.floor(data.length / blocks);
  const firstLong = blocks - (data.length % blocks);
  const parts: number[][] = [];
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    const length = short + (block >= firstLong ? 1 : 0);
    parts.push(data.slice(at, at + length));
    at += length;
  }
  const generator = generatorOf(correction);
  return [...interleaved(parts), ...interleaved(parts.map((part) => remainder(part, generator)))];
}

function interleaved(parts: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: longest }, (_, i) => parts.flatMap((part) => part[i] ?? [])).flat();
}

// --- Reed-Solomon over GF(256), polynomial 0x11d

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/** Coefficients of the generator, the leading one left out. */
function generatorOf(degree: number): number[] {
  let polynomial = [1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    const next = [...polynomial, 0];
    for (const [j, coefficient] of polynomial.entries()) next[j + 1] = (next[j + 1] ?? 0) ^ times(coefficient, root);
    polynomial = next;
    root = times(root, 2);
  }
  return polynomial.slice(1);
}

function remainder(data: readonly number[], generator: readonly number[]): number[] {
  let rest: number[] = generator.map(() => 0);
  for (const codeword of data) {
    const factor = codeword ^ (rest[0] ?? 0);
    rest = [...rest.slice(1), 0].map((value, i) => value ^ times(generator[i] ?? 0, factor));
  }
  return rest;
}

// --- The picture

/** A module: dark or light, and whether it is one of the patterns that no mask and no data touch. */
class Grid {
  readonly size: number;
  private readonly dark: boolean[][];
  private readonly fixed: boolean[][];

  constructor(version: number) {
    this.size = version * 4 + 17;
    this.dark = Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
    this.fixed = Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
  }

  fix(x: number, y: number, isDark: boolean): void {
    const [row, fixed] = [this.dark[y], this.fixed[y]];
    if (!row || !fixed || x < 0 || x >= this.size) return;
    row[x] = isDark;
    fixed[x] = true;
  }

  set(x: number, y: number, isDark: boolean): void {
    const row = this.dark[y];
    if (row) row[x] = isDark;
  }

  isFixed(x: number, y: number): boolean {
    return this.fixed[y]?.[x] ?? false;
  }

  rows(): boolean[][] {
    return this.dark;
  }
}

function draw(codewords: readonly number[], version: number, mask: number): boolean[][] {
  const grid = new Grid(version);
  drawPatterns(grid, version);
  drawFormat(grid, mask);
  if (version >= 7) drawVersion(grid, version);
  drawData(grid, codewords, mask);
  return grid.rows();
}

function drawPatterns(grid: Grid, version: number): void {
  const last = grid.size - 1;
  for (let i = 0; i < grid.size; i++) {
    grid.fix(6, i, i % 2 === 0);
    grid.fix(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [last - 3, 3],
    [3, last - 3],
  ] as const)
    drawSquares(grid, { x, y, reach: 4, dark: (ring) => ring !== 2 && ring !== 4 });
  const centres = ALIGNMENT[version - 1] ?? [];
  const end = centres.at(-1);
  for (const x of centres)
    for (const y of centres) {
      const isFinder = (x === 6 && y === 6) || (x === 6 && y === end) || (x === end && y === 6);
      if (!isFinder) drawSquares(grid, { x, y, reach: 2, dark: (ring) => ring !== 1 });
    }
}

/** Squares around a centre, each as dark as its ring says. */
function drawSquares(
  grid: Grid,
  { x, y, reach, dark }: { x: number; y: number; reach: number; dark: (ring: number) => boolean },
): void {
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      if (y + dy >= 0 && y + dy < grid.size) grid.fix(x + dx, y + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
}

/** Level M (bits 00) and the mask, protected by BCH, twice. */
function drawFormat(grid: Grid, mask: number): void {
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number) => ((bits >> i) & 1) === 1;
  const last = grid.size - 1;
  for (let i = 0; i <= 5; i++) grid.fix(8, i, bit(i));
  grid.fix(8, 7, bit(6));
  grid.fix(8, 8, bit(7));
  grid.fix(7, 8, bit(8));
  for (let i = 9; i < 15; i++) grid.fix(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) grid.fix(last - i, 8, bit(i));
  for (let i = 8; i < 15; i++) grid.fix(8, grid.size - 15 + i, bit(i));
  grid.fix(8, grid.size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const isDark = ((bits >> i) & 1) === 1;
    const [a, b] = [grid.size - 11 + (i % 3), Math.floor(i / 3)];
    grid.fix(a, b, isDark);
    grid.fix(b, a, isDark);
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Two columns at a time from the right, up and down in turn; the column of the timing pattern is stepped over. */
function drawData(grid: Grid, codewords: readonly number[], mask: number): void {
  const isMasked = MASKS[mask] ?? (() => false);
  let bit = 0;
  for (let right = grid.size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < grid.size; step++) {
      const y = isUpward ? grid.size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.isFixed(x, y)) continue;
        const isDark = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        grid.set(x, y, isDark !== isMasked(x, y));
        bit += 1;
      }
    }
  }
}

/** How hard a picture is to read (ISO/IEC 18004, 7.8.3). */
function penaltyOf(rows: readonly boolean[][]): number {
  const columns = rows.map((_, x) => rows.map((row) => row[x] ?? false));
  const lines = [...rows, ...columns];
  const dark = rows.flat().filter(Boolean).length;
  const share = Math.floor(Math.abs((dark * 20) / rows.length ** 2 - 10));
  return lines.reduce((sum, line) => sum + runs(line) + finders(line), 0) + squares(rows) + share * 10;
}

function runs(line: readonly boolean[]): number {
  let penalty = 0;
  let length = 0;
  for (const [i, module] of line.entries()) {
    length = i > 0 && module === line[i - 1] ? length + 1 : 1;
    if (length === 5) penalty += 3;
    else if (length > 5) penalty += 1;
  }
  return penalty;
}

function finders(line: readonly boolean[]): number {
  const text = line.map((isDark) => (isDark ? "1" : "0")).join("");
  return 40 * ((text.match(/(?=10111010000)/g)?.length ?? 0) + (text.match(/(?=00001011101)/g)?.length ?? 0));
}

function squares(rows: readonly boolean[][]): number {
  let penalty = 0;
  for (let y = 1; y < rows.length; y++)
    for (let x = 1; x < rows.length; x++) {
      const corner = rows[y]?.[x];
      if (corner === rows[y]?.[x - 1] && corner === rows[y - 1]?.[x] && corner === rows[y - 1]?.[x - 1]) penalty += 3;
    }
  return penalty;
}
