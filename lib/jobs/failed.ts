import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Db } from "@/db/client";

const FailedJob = z.object({
  id: z.string(),
  name: z.string(),
  attempts: z.number(),
  error: z.string(),
  failedAt: z.coerce.date(),
});

/** A job that used up its attempts. `error` is the last failure's message, without parameters. */
export type FailedJob = z.infer<typeof FailedJob>;

/** The newest failed jobs first; the queue keeps them until somebody retries or removes them. */
export async function listFailedJobs(db: Db, limit = 100): Promise<FailedJob[]> {
  const rows = await db.execute(sql`
    select id::text, name, attempts, last_error as error, failed_at as "failedAt"
    from jobs.failed order by failed_at desc, id desc limit ${limit}`);
  return rows.map((row) => FailedJob.parse(row));
}
