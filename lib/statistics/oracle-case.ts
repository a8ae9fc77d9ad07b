/** The file format of reference cases, `{cases: [{id, fn, in, out, tol: {rel, abs}}]}`, and when an answer passes. */

/** A file or case that cannot be judged; the message is one sentence for the person who gave it. */
export class OracleFileError extends Error {}

export interface OracleCase {
  readonly id: string;
  readonly fn: string;
  readonly in: OracleInput;
  readonly out: Readonly<Record<string, unknown>>;
  readonly tol: { readonly rel: number; readonly abs: number };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Numbers that JSON has no way to write come as strings. */
function decoded(value: unknown): unknown {
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return value === "NaN" ? Number.NaN : value;
}

/** The named values that a case gives to a function. */
export class OracleInput {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  number(key: string, otherwise?: number): number {
    const value = decoded(this.values[key]);
    if (typeof value === "number") return value;
    if (otherwise !== undefined && !this.has(key)) return otherwise;
    throw new OracleFileError(`the input lacks the number "${key}"`);
  }

  text(key: string): string {
    const value = this.values[key];
    if (typeof value === "string") return value;
    throw new OracleFileError(`the input lacks the text "${key}"`);
  }

  /** One number counts as a list of one: R writes it so. */
  numbers(key: string): number[] {
    const value = this.values[key];
    return (Array.isArray(value) ? value : [value]).map((item) => {
      const number = decoded(item);
      if (typeof number !== "number") throw new OracleFileError(`the input lacks the list of numbers "${key}"`);
      return number;
    });
  }

  lists(key: string): number[][] {
    const value = this.values[key];
    if (!Array.isArray(value)) throw new OracleFileError(`the input lacks the list of lists "${key}"`);
    return value.map((item) => new OracleInput({ item }).numbers("item"));
  }

  /** Two lists of the same length, side by side. */
  rows([first, second]: readonly [string, string]): Array<[number, number]> {
    const seconds = this.numbers(second);
    const firsts = this.numbers(first);
    if (firsts.length !== seconds.length) throw new OracleFileError(`"${first}" and "${second}" differ in length`);
    return firsts.map((value, index) => [value, seconds[index] ?? Number.NaN]);
  }

  nested(key: string): OracleInput {
    const value = this.values[key];
    if (!isRecord(value)) throw new OracleFileError(`the input lacks the object "${key}"`);
    return new OracleInput(value);
  }

  with(values: Readonly<Record<string, unknown>>): OracleInput {
    return new OracleInput({ ...this.values, ...values });
  }
}

/** Reads the text of a file; throws OracleFileError. */
export function parseOracleCases(text: string): OracleCase[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new OracleFileError("the file is not JSON");
  }
  const cases = isRecord(file) ? file.cases : file;
  if (!Array.isArray(cases)) throw new OracleFileError('the file has no list "cases"');
  return cases.map((item: unknown, index) => {
    if (!isRecord(item) || typeof item.fn !== "string" || !isRecord(item.in) || !isRecord(item.out)) {
      throw new OracleFileError(`case ${index + 1} lacks "fn", "in" or "out"`);
    }
    const tol = isRecord(item.tol) ? item.tol : {};
    return {
      id: typeof item.id === "string" ? item.id : `case ${index + 1}`,
      fn: item.fn,
      in: new OracleInput(item.in),
      out: item.out,
      tol: { rel: typeof tol.rel === "number" ? tol.rel : 0, abs: typeof tol.abs === "number" ? tol.abs : 0 },
    };
  });
}

export interface Judgement {
  /** One text per value that is not close enough: `scoreLo: expected 0.1, got 0.2`. */
  readonly failures: string[];
  /** The largest |got − expected| as a share of what is tolerated; 1 or less passes. */
  readonly worst: number;
}

/** Compares every value the case expects; null and NaN expect that nothing was computed. */
export function judge(
  expected: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  tol: { readonly rel: number; readonly abs: number },
): Judgement {
  const failures: string[] = [];
  let worst = 0;
  for (const [key, value] of Object.entries(expected)) {
    for (const pair of pairs(key, value, got[key])) {
      const error = errorOf(pair.expected, pair.got, tol);
      if (!(error <= 1)) failures.push(`${pair.key}: expected ${show(pair.expected)}, got ${show(pair.got)}`);
      worst = Math.max(worst, error);
    }
  }
  return { failures, worst };
}

interface Compared {
  readonly key: string;
  readonly expected: unknown;
  readonly got: unknown;
}

function pairs(key: string, expected: unknown, got: unknown): Compared[] {
  if (!Array.isArray(expected)) return [{ key, expected: decoded(expected), got }];
  const list: unknown[] = Array.isArray(got) ? got : [];
  if (list.length !== expected.length || !Array.isArray(got))
    return [{ key: `${key}.length`, expected: expected.length, got: Array.isArray(got) ? list.length : got }];
  return expected.map((item, index) => ({ key: `${key}[${index}]`, expected: decoded(item), got: list[index] }));
}

/** Share of the tolerance that is used up; Infinity when the two cannot be compared. */
function errorOf(
  expected: unknown,
  got: unknown,
  { rel, abs }: { readonly rel: number; readonly abs: number },
): number {
  const isAbsent = expected === null || (typeof expected === "number" && Number.isNaN(expected));
  if (isAbsent) return got === null || got === undefined ? 0 : Number.POSITIVE_INFINITY;
  if (typeof expected !== "number" || typeof got !== "number") return expected === got ? 0 : Number.POSITIVE_INFINITY;
  if (expected === got) return 0;
  if (!Number.isFinite(expected) || !Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  return Math.abs(got - expected) / (abs + rel * Math.abs(expected));
}

const show = (value: unknown): string => (value === undefined ? "nothing" : String(value));
