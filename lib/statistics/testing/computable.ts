/** Paths of values in an outcome that are NaN or undefined: the promise of this room is that there are none. */
export function uncomputable(value: unknown, path = "outcome"): string[] {
  if (value === undefined || (typeof value === "number" && Number.isNaN(value))) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => uncomputable(item, `${path}.${key}`));
}

/** The value of an outcome that a test knows to be computed. */
export function valueOfOutcome<T>(outcome: { readonly value: T | null; readonly reason: string | null }): T {
  if (outcome.value === null) throw new Error(`not computed: ${outcome.reason}`);
  return outcome.value;
}
