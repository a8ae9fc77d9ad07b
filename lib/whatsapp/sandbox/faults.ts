import * as z from "zod";

const times = z.number().int().positive().default(1);

/** Trouble for the next sends, in order. `hang`, `cut` and `malformed` accept the message and spoil the answer. */
export const plannedFault = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("latency"), ms: z.number().positive(), times }),
  z.object({ kind: z.literal("hang"), times }),
  z.object({ kind: z.literal("cut"), times }),
  z.object({ kind: z.literal("malformed"), times }),
  z.object({ kind: z.literal("status"), status: z.number().int().min(400).max(599), times }),
  z.object({ kind: z.literal("error"), status: z.number().int().min(400).max(599), code: z.number().int(), times }),
  z.object({ kind: z.literal("held"), times }),
]);
export type PlannedFault = z.infer<typeof plannedFault>;

export class FaultScript {
  private readonly planned: PlannedFault[] = [];

  add(fault: PlannedFault) {
    this.planned.push({ ...fault });
  }

  next(): PlannedFault | undefined {
    const fault = this.planned[0];
    if (!fault) return undefined;
    fault.times--;
    if (fault.times === 0) this.planned.shift();
    return fault;
  }
}
