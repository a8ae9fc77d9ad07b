import * as z from "zod";

const count = z.int().min(0);

/** The audience of a choice, as the API answers it: matches − withoutConsent − suppressed = reachable. */
export const reachAnswer = z.object({
  matches: count,
  withoutConsent: count,
  suppressed: count,
  reachable: count,
  reasons: z.array(z.object({ reason: z.string(), count })),
});
export type Reach = z.infer<typeof reachAnswer>;
