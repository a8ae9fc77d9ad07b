import postgres from "postgres";
import { log } from "@/lib/foundation/log";

/** First key of the advisory locks, so that they meet nobody else's. */
const LOCK_CLASS = 0x6a6f6273; // "jobs"
const SWEEP_MS = 15_000;

export interface Claims {
  /** Says that this pool of workers is alive, for as long as our session is. */
  hold(poolId: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Frees the jobs of workers that died. A killed worker leaves its jobs locked, and the queue would wait four hours
 * before believing it. So every pool holds a lock of its session under its name; a name that stands on a job while
 * nobody holds its lock is dead. Looked at now and every 15 s.
 */
export async function keepClaims(url: string): Promise<Claims> {
  const client = postgres(url, {
    max: 1,
    max_lifetime: null, // the lock lives as long as the session
    onnotice: () => {},
    connection: { application_name: "contraste worker claims" },
  });
  let own: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const sweep = async () => {
    if (own) await assertAlive(client, own); // again, in case the session had to be opened anew
    await freeTheDead(client, own);
  };
  const schedule = () => {
    timer = setTimeout(() => {
      sweep()
        .catch((error) => log.warn("jobs.sweep_failed", { error }))
        .finally(() => timer && schedule());
    }, SWEEP_MS);
    timer.unref();
  };
  try {
    await sweep();
  } catch (error) {
    await client.end();
    throw error;
  }
  schedule();
  return {
    async hold(poolId) {
      own = poolId;
      await assertAlive(client, poolId);
    },
    async release() {
      clearTimeout(timer);
      timer = undefined;
      await client.end({ timeout: 1 });
    },
  };
}

async function assertAlive(client: postgres.Sql, poolId: string): Promise<void> {
  await client`select pg_advisory_lock(${LOCK_CLASS}, hashtext(${poolId}))
    where not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
      and classid = ${LOCK_CLASS} and objid = (hashtext(${poolId})::bigint & 4294967295)::oid)`;
}

async function freeTheDead(client: postgres.Sql, own: string | undefined): Promise<void> {
  const names = await client<{ name: string }[]>`
    select locked_by as name from graphile_worker._private_jobs where locked_by is not null
    union select locked_by from graphile_worker._private_job_queues where locked_by is not null`;
  for (const { name } of names) {
    if (name === own) continue;
    const [answer] = await client<{ dead: boolean }[]>`
      select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${name})) as dead`;
    if (!answer?.dead) continue;
    await client`select graphile_worker.force_unlock_workers(array[${name}])`;
    await client`select pg_advisory_unlock(${LOCK_CLASS}, hashtext(${name}))`;
    log.warn("jobs.dead_worker_freed", { poolId: name });
  }
}
