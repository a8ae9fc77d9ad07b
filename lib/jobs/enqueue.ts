import { sql } from "drizzle-orm";
import type * as z from "zod";
import type { Db } from "@/db/client";
import type { Job } from "./job";

export interface EnqueueOptions {
  /** A waiting job with this key is replaced instead of joined by a second one. */
  readonly key?: string;
  /** Real time, not business time. Default: at once. */
  readonly runAt?: Date;
}

/** Adds a job. Given a transaction, the job exists when that commits and not otherwise. */
export async function enqueue<C, S extends z.ZodType>(
  db: Db,
  job: Job<C, S>,
  payload: z.input<S>,
  { key, runAt }: EnqueueOptions = {},
): Promise<void> {
  job.payload.parse(payload);
  await db.execute(sql`select jobs.enqueue(
    ${job.name}, ${JSON.stringify(payload)}::json, ${key ?? null}, ${runAt?.toISOString() ?? null}::timestamptz,
    ${job.retry.attempts}::integer)`);
}
