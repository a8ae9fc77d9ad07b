import { instantOf, isTimeZone } from "@/lib/foundation/time";

const YES = new Set(["si", "s", "yes", "y", "true", "verdadero", "v", "x", "1", "ok", "on", "t"]);
const NO = new Set(["no", "n", "false", "falso", "f", "0", "off"]);

/** Lower case, no accents, no outer punctuation: how words of cells and headers are compared. */
export function plainWords(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

export function readBoolean(cell: string): boolean | undefined {
  const word = plainWords(cell);
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}

/** `1.010,50 €`, `1939,93`, `373.50`, `1 200`. */
export function readNumber(cell: string, decimalComma: boolean): number | undefined {
  const text = cell.replace(/[\s\u00a0€$£]|EUR|USD/g, "");
  const form = decimalComma
    ? /^-?\d{1,3}(\.\d{3})*(,\d+)?$|^-?\d+(,\d+)?$/
    : /^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d+(\.\d+)?$/;
  if (!form.test(text)) return undefined;
  const plain = decimalComma ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

const MONTHS = ["ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov", "dic dec"];
const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
const LOCAL =
  /^(\d{1,2})[/.-](\d{1,2}|\p{L}{3,})[/.-](\d{4}|\d{2})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?\s?m?\.?)?$/iu;

/** The instant a cell names, in the zone where the cell names none. A date alone is its midnight. */
export function readInstant(cell: string, dayFirst: boolean, zone: string): Date | undefined {
  const text = cell.trim();
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour = "0", minute = "0", second = "0", offset] = iso;
    const fields = [year, month, day, hour, minute, second].map(Number);
    return instantFrom(fields, offset, zone);
  }
  const local = LOCAL.exec(text);
  if (!local) return undefined;
  const [, first = "", middle = "", year = "", hour = "0", minute = "0", second = "0", half] = local;
  const isNamed = !/^\d/.test(middle);
  const month = isNamed ? monthNamed(middle) : Number(dayFirst ? middle : first);
  const day = Number(isNamed || dayFirst ? first : middle);
  const century = year.length === 2 ? 2000 : 0;
  const fields = [century + Number(year), month, day, hour24(Number(hour), half), Number(minute), Number(second)];
  return instantFrom(fields, undefined, zone);
}

/** The same for attributes: the calendar date, `YYYY-MM-DD`. */
export function readDate(cell: string, dayFirst: boolean): string | undefined {
  return readInstant(cell.replace(/(Z|[+-]\d{2}:?\d{2})$/, ""), dayFirst, "UTC")
    ?.toISOString()
    .slice(0, 10);
}

function instantFrom(fields: readonly number[], offset: string | undefined, zone: string): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists =
    wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!exists || year < 1900 || year > 2200) return undefined;
  if (offset !== undefined) return new Date(wall.getTime() - offsetMinutes(offset) * 60_000);
  return isTimeZone(zone) ? instantOf({ year, month, day, hour, minute, second }, zone) : undefined;
}

function offsetMinutes(offset: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function monthNamed(name: string): number {
  return MONTHS.findIndex((names) => names.split(" ").includes(plainWords(name).slice(0, 3))) + 1;
}

function hour24(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

/** Whether a column writes the day first. Month first only where a value says so: a 13th month, or a clock with AM and PM. */
export function isDayFirst(values: readonly string[]): boolean {
  const parts = values.map((value) => LOCAL.exec(value.trim())).filter((match) => match !== null);
  if (parts.some((match) => Number(match[1]) > 12)) return true;
  return !parts.some((match) => Number(match[2]) > 12 || match[7] !== undefined);
}

/** Whether a column writes decimals with a comma. */
export function hasDecimalComma(values: readonly string[]): boolean {
  return values.some((value) => /,\d{1,2}\D*$/.test(value.trim()) && !/\.\d{1,2}\D*$/.test(value.trim()));
}
