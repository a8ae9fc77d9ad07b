import * as z from "zod";

/** One item of the quarantine: the body that it came with, and its place in it. */
export const DeadItemInput = z.object({ inboxId: z.uuid(), position: z.coerce.number().int().min(0).max(100_000) });
export type DeadItemRef = z.output<typeof DeadItemInput>;

/** Everything of one kind. */
export const DeadKindInput = z.object({ kind: z.string().min(1).max(50) });
