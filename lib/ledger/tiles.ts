// Paths and shapes of C2SP tlog-tiles: a tile holds up to 256 hashes; tile (level, n) holds the roots of the full tiles
// n × 256 … of the level below, level 0 the leaf hashes.

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
/** Binary levels that one tile spans: 2^8 = 256. */
export const TILE_HEIGHT = 8;

/** The path of a tile: `tile/0/x001/x234/067`, with `.p/17` when it is partial and 17 wide. */
export function tilePath(level: number | "entries", index: number, width: number = TILE_WIDTH): string {
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1000).padStart(3, "0"));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const last = groups.pop() ?? "000";
  const path = [...groups.map((group) => `x${group}`), last].join("/");
  return `tile/${level}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

export interface LevelCoverage {
  level: number;
  fullTiles: number;
  /** Hashes in the partial tile at the end; 0 = there is none. */
  partialWidth: number;
}

/** Which tiles a log of `size` entries has, level by level. */
export function tileCoverage(size: number): LevelCoverage[] {
  const levels: LevelCoverage[] = [];
  for (let hashes = size, level = 0; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH), level += 1) {
    levels.push({ level, fullTiles: Math.floor(hashes / TILE_WIDTH), partialWidth: hashes % TILE_WIDTH });
  }
  return levels;
}

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;
const MAX_LEVEL = 5; // 256^6 entries are more than a position can count

/** What a path names, as `tilePath` writes it and in no other spelling; undefined when it names no tile. */
export function parseTilePath(path: string): { level: number | "entries"; n: number; width: number } | undefined {
  const [, levelText = "", digits = "", widthText] = TILE_PATH.exec(path) ?? [];
  const n = Number(digits.replaceAll(/[x/]/g, ""));
  const level = levelText === "entries" ? levelText : Number(levelText);
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (digits === "" || !Number.isSafeInteger(n * TILE_WIDTH) || (level !== "entries" && level > MAX_LEVEL))
    return undefined;
  const isCanonical = path === tilePath(level, n, widthText === undefined ? undefined : width);
  return isCanonical && width >= 1 && (widthText === undefined || width < TILE_WIDTH) ? { level, n, width } : undefined;
}
