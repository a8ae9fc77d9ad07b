import { isDeepStrictEqual } from "node:util";
import type { AttributeValue, ContactName } from "./contact";

/** What is told about a person. Absent means: not told, what we have stays. */
export interface ContactFacts {
  name?: ContactName;
  country?: string;
  language?: string;
  timeZone?: string;
  attributes: Record<string, AttributeValue>;
}

interface Held {
  name: ContactName | undefined;
  country: string | null;
  language: string | null;
  timeZone: string | null;
  attributes: Record<string, AttributeValue>;
}

/**
 * What differs from what we hold, or undefined. New values replace old ones; where the person stands in the file twice
 * (`fillsOnly`) the later row only fills gaps, so that importing the file again changes nothing.
 */
export function changesOf(held: Held, told: ContactFacts, fillsOnly: boolean): ContactFacts | undefined {
  const changed: ContactFacts = { attributes: {} };
  const takes = (old: unknown, value: unknown) =>
    value !== undefined &&
    !isDeepStrictEqual(old ?? undefined, value) &&
    !(fillsOnly && (old ?? undefined) !== undefined);
  if (told.name && takes(held.name, told.name)) changed.name = told.name;
  for (const field of ["country", "language", "timeZone"] as const) {
    const value = told[field];
    if (value !== undefined && takes(held[field], value)) changed[field] = value;
  }
  for (const [key, value] of Object.entries(told.attributes)) {
    if (takes(held.attributes[key], value)) changed.attributes[key] = value;
  }
  return Object.keys(changed).length === 1 && Object.keys(changed.attributes).length === 0 ? undefined : changed;
}

/** The facts of the first row, its gaps filled from a later one. */
export function filledFrom(first: ContactFacts, later: ContactFacts): ContactFacts {
  return { ...later, ...first, attributes: { ...later.attributes, ...first.attributes } };
}
