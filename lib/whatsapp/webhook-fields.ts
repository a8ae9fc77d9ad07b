import * as z from "zod";

// What the values of webhooks are made of. A missing, null or malformed extra must not cost the item that carries it, so
// every `optional…` is `undefined` for those.

export const text = z.string().min(1);
/** Meta writes ids as text, as numbers, and has changed its mind. */
export const idText = z.union([text, z.number().transform(String)]);
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,6})?$/)
    .transform(Number),
]);
const LAST_SECOND = 253_402_300_799; // of the year 9999: beyond it no database holds an instant
export const unixSeconds = number
  .pipe(z.number().int().min(1).max(LAST_SECOND))
  .transform((seconds) => new Date(seconds * 1_000));

export const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined);
export const optionalText = optional(text);
export const optionalId = optional(idText);
export const optionalNumber = optional(number);
export const optionalFlag = optional(z.boolean());
export const optionalInstant = optional(unixSeconds);

/** The readable elements of a list; anything else is an empty one. */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .array(shape.nullable().catch(null))
    .default([]) // most have none, and what is caught costs more than all other parts
    .catch([])
    .transform((list) => list.filter((one) => one !== null));
