import serialize from "canonicalize";
import type { Json } from "./verifier";

/** Canonical JSON (RFC 8785). Throws on NaN, infinities, lone surrogates, cycles, and on what is not JSON at all. */
export function canonicalize(value: Json): string {
  const text = serialize(value);
  if (text === undefined) throw new Error("Not a JSON value");
  return text;
}
