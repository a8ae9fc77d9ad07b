import * as z from "zod";

/** When a campaign stops by itself (compliance 3.3). */
export const StopRule = z.object({
  /** Of those it reached, how large a share opted out: 0.02 is one in fifty. */
  share: z.number().min(0.001).max(0.5),
  /** Reached people from which it counts. */
  after: z.int().min(20).max(100_000),
});
export type StopRule = z.infer<typeof StopRule>;

export const ChangeStopRule = StopRule.extend({ reason: z.string().trim().min(1).max(500) });
export type ChangeStopRule = z.infer<typeof ChangeStopRule>;
