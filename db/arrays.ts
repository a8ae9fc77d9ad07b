/**
 * PostgreSQL's text form of arrays, read and written by us: postgres.js reads a null element as the word "NULL".
 * https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */

type Element = (text: string) => unknown;

const asText: Element = (text) => text;

/** Array types by oid, with how their elements are read; what is not listed arrives as text. */
export const ARRAY_TYPES: Readonly<Record<number, Element>> = {
  199: JSON.parse,
  1000: (text) => text === "t",
  1001: (text) => Buffer.from(text.slice(2), "hex"),
  1005: Number, // smallint[]
  1007: Number, // integer[]
  1009: asText,
  1015: asText, // varchar[]
  1016: asText, // bigint[]: past 2^53 a number loses digits
  1021: Number, // real[]
  1022: Number, // double precision[]
  1115: asText, // timestamp[]
  1182: asText, // date[]
  1185: asText, // timestamptz[]
  1231: asText, // numeric[]
  2951: asText, // uuid[]
  3807: JSON.parse,
};

/** Elements of an array's text, with null where it says NULL; inner arrays as arrays. */
export function parseArray(text: string, element: Element): unknown[] {
  let at = text.indexOf("{"); // bounds other than 1 stand in front: [0:1]={…}
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at++;
    while (text[at] !== "}") {
      if (text[at] === ",") at++;
      items.push(text[at] === "{" ? list() : item());
    }
    at++;
    return items;
  };
  const item = (): unknown => {
    if (text[at] !== '"') {
      const from = at;
      while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
      const bare = text.slice(from, at);
      return bare === "NULL" ? null : element(bare);
    }
    let value = "";
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    return element(value);
  };
  return list();
}

/** The text form of a list. Dates become timestamps, bytes bytea, other objects (and everything, when `json`) JSON. */
export function arrayLiteral(values: readonly unknown[], json = false): string {
  return `{${values.map((value) => literal(value, json)).join(",")}}`;
}

function literal(value: unknown, json: boolean): string {
  if (value === null || value === undefined) return "NULL";
  if (json) return quoted(JSON.stringify(value));
  if (value instanceof Date) return quoted(value.toISOString());
  if (value instanceof Uint8Array) return `"\\\\x${hexOf(value)}"`;
  return quoted(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex"); // a view, no copy
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
