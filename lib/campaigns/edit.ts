import type { Json } from "@/lib/ledger/verifier";

/** One thing that an edit changed, as the history shows it. */
export interface Difference {
  /** Path of the field, such as `goal.windowHours` or `variants.B.linkUrl`. */
  field: string;
  from: Json;
  to: Json;
}

/** What differs between two states of a step, field by field. Lists of variants are compared by their key. */
export function differences(before: Json, after: Json, field = ""): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differences(before[name] ?? null, after[name] ?? null, field === "" ? name : `${field}.${name}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, from: before, to: after }];
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
