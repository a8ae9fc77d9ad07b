import type * as z from "zod";

/** What a running job may look at besides its payload. */
export interface JobRun {
  /** Aborted when the worker is asked to stop: a long job ends at its next safe point and runs again later. */
  readonly signal: AbortSignal;
  /** 1 the first time. */
  readonly attempt: number;
}

/**
 * Background work: enqueued in the transaction that asks for it, run by the worker, safe to run twice. `C` is what the
 * worker gives every job (the room's Context); the queue itself knows no room.
 */
export interface Job<C, S extends z.ZodType = z.ZodType> {
  /** `room.verb_thing`; it stands in the queue, so a rename leaves old rows behind. */
  readonly name: string;
  readonly payload: S;
  /** After this many failures, with growing pauses (e^n seconds), the job stays visible as failed. */
  readonly retry: { readonly attempts: number };
  run(ctx: C, payload: z.output<S>, run: JobRun): Promise<void>;
}

/** Declares a job. The payload holds ids, never personal data: it stays in the queue while it waits. */
export function defineJob<C, S extends z.ZodType>(job: Job<C, S>): Job<C, S> {
  return job;
}
