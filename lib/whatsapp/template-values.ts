import * as z from "zod";

/** A file at Meta by its media id, or one that Meta fetches itself (and caches for ten minutes by its exact address). */
export const mediaSource = z.union([z.object({ id: z.string().min(1) }), z.object({ link: z.string().min(1) })]);
export type MediaSource = z.infer<typeof mediaSource>;

/**
 * One value for a placeholder. `text` is what people see, also for a currency or a date (`fallback_value`: phones show it
 * unless they can write the amount in their own way). `name` only for templates with NAMED parameters.
 */
export const parameterValue = z.object({
  text: z.string(),
  name: z.string().optional(),
  format: z
    .discriminatedUnion("kind", [
      /** `amount1000`: the amount times 1,000, so 10 USD is 10000. */
      z.object({ kind: z.literal("currency"), code: z.string(), amount1000: z.int() }),
      z.object({ kind: z.literal("date_time") }),
    ])
    .optional(),
});
export type ParameterValue = z.infer<typeof parameterValue>;

/** Degrees as text, so that they are sent as they were written. */
export const locationValue = z.object({
  latitude: z.string(),
  longitude: z.string(),
  name: z.string().optional(),
  address: z.string().optional(),
});
export type LocationValue = z.infer<typeof locationValue>;

/** What stands above the body: the value of a text's placeholder, a file (gif only over Marketing Messages), a place. */
export const headerValue = z.union([
  z.object({ kind: z.enum(["image", "video", "gif"]), media: mediaSource }),
  z.object({ kind: z.literal("document"), media: mediaSource, filename: z.string().optional() }),
  locationValue.extend({ kind: z.literal("location") }),
  parameterValue.extend({ kind: z.literal("text").optional() }),
]);
export type HeaderValue = z.infer<typeof headerValue>;

/** Value of a button, at its zero-based position in the template. Buttons without a value are left out. */
export const buttonValue = z.discriminatedUnion("kind", [
  /** Replaces `{{1}}` at the end of the address. */
  z.object({ kind: z.literal("url"), index: z.int(), suffix: z.string() }),
  /** Comes back when the button is tapped; without one, Meta sends back the label. */
  z.object({ kind: z.literal("quick_reply"), index: z.int(), payload: z.string() }),
  z.object({ kind: z.literal("copy_code"), index: z.int(), code: z.string() }),
  z.object({
    kind: z.literal("flow"),
    index: z.int(),
    token: z.string().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
]);
export type ButtonValue = z.infer<typeof buttonValue>;

/** Values of one card of a carousel; the card's place in the list is its place in the template. */
export const cardValue = z.object({
  header: headerValue.optional(),
  body: z.array(parameterValue).optional(),
  buttons: z.array(buttonValue).optional(),
});
export type CardValue = z.infer<typeof cardValue>;

/** Everything that a template leaves open, for one person. Schemas, because what was sent is kept and read back. */
export const templateValues = z.object({
  header: headerValue.optional(),
  body: z.array(parameterValue).optional(),
  buttons: z.array(buttonValue).optional(),
  /** When a limited-time offer ends, in Unix milliseconds. */
  offer: z.object({ expiresAtMs: z.int() }).optional(),
  /** As many as the template has. */
  cards: z.array(cardValue).optional(),
});
export type TemplateValues = z.infer<typeof templateValues>;
