import * as z from "zod";

const parameter = z.looseObject({ type: z.string().default("UNKNOWN"), parameter_name: z.string().optional() });
const card = z.looseObject({ card_index: z.coerce.number(), components: z.array(z.unknown()).default([]) });
/** Components of a message as they are sent; index and card_index come as numbers or as text. */
export const sentComponent = z.looseObject({
  type: z.string().transform((type) => type.toLowerCase()),
  sub_type: z.string().optional(),
  index: z.coerce.number().optional(),
  parameters: z.array(parameter).default([]),
  cards: z.array(card).optional(),
});
export type SentParameter = z.infer<typeof parameter>;
export type SentComponent = z.infer<typeof sentComponent>;

/** Line breaks, tabs and more than four spaces in a row: what Meta refuses inside a parameter. */
export const UNSENDABLE = /[\r\n\t]| {5}/;
