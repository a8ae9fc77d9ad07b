import * as z from "zod";

/** What a recomputation of the whole log found; kept as it was found. */
export const LogAuditResult = z.object({
  size: z.number(),
  rootHex: z.string(),
  checkpoints: z.number(),
  pending: z.number(),
  opened: z.number(),
  sealed: z.number(),
  /** Problems of the log itself; `problems` are the first twenty. */
  problemCount: z.number(),
  problems: z.array(z.object({ kind: z.string(), at: z.string() })),
  /** Rows of the projection that are not what the events give. */
  projectionFaults: z.number(),
  /** Attempts without a basis, or without an entry of the log. */
  baselessAttempts: z.number(),
});
export type LogAuditResult = z.infer<typeof LogAuditResult>;

export type LogAuditState = "waiting" | "running" | "intact" | "broken" | "cancelled" | "failed";

/** The notice of a log that does not verify, and the kill switch that goes with it. */
export const LOG_BROKEN = "log_broken";
