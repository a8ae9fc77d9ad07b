import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Logger, parseCronItems, run, type TaskList, type WorkerEvents } from "graphile-worker";
import { log, safeMessage } from "@/lib/foundation/log";
import { keepClaims } from "./claims";
import type { Job } from "./job";

/** A job on a schedule: five cron fields in UTC, real time. A run that was missed while nothing ran is not made up for. */
export interface CronEntry<C> {
  readonly job: Job<C>;
  readonly cron: string;
  readonly payload?: Record<string, unknown>;
}

export interface JobsOptions<C> {
  /** Address of the database as contraste_worker. */
  readonly url: string;
  readonly jobs: readonly Job<C>[];
  readonly cron?: readonly CronEntry<C>[];
  /** Jobs at once. */
  readonly concurrency?: number;
  /** Made anew for every job. */
  context(): C | Promise<C>;
}

export interface RunningJobs {
  /** Takes no new job, asks the running ones to end, gives up on them after four seconds: they run again later. */
  stop(): Promise<void>;
  /** Rejects when the queue cannot go on (the database is gone for good); resolves after stop(). */
  readonly done: Promise<void>;
}

/** How long running jobs may take to end; the rest of the five seconds is for writing down what happened. */
const GRACE_MS = 3_500;
const GIVE_UP_MS = 4_500;

/** Runs jobs until told to stop. Handles no signals itself: the process that calls it does. */
export async function runJobs<C>(options: JobsOptions<C>): Promise<RunningJobs> {
  const events: WorkerEvents = new EventEmitter();
  const claims = await keepClaims(options.url);
  let held: Promise<void> | undefined;
  events.once("pool:create", ({ workerPool }) => {
    held = claims.hold(workerPool.id);
    held.catch(() => {}); // the first job hears of it
  });
  const concurrency = options.concurrency ?? 4;
  const stopping = new AbortController();
  const givenUp = new AbortController();
  const runner = await run({
    connectionString: options.url,
    maxPoolSize: concurrency + 3, // and one each for listening, cron and finishing
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    events,
    logger: new Logger(() => (level, message, meta) => report(level, message, meta)),
    taskList: tasks(options, { signal: stopping.signal, givenUp: givenUp.signal, ready: async () => held }),
    parsedCronItems: parseCronItems((options.cron ?? []).map(cronItem)),
  }).catch(async (error) => {
    await claims.release();
    throw error;
  });
  let stopped: Promise<void> | undefined;
  const done = runner.promise.then(
    () => claims.release(),
    async (error) => {
      await claims.release();
      if (!stopped) throw error;
    },
  );
  done.catch(() => {}); // whoever awaits it hears of it; nobody has to
  const stop = async () => {
    stopping.abort();
    const lastCall = setTimeout(() => givenUp.abort(), GRACE_MS);
    await Promise.race([runner.stop().catch(() => {}), pause(GIVE_UP_MS, undefined, { ref: false })]);
    clearTimeout(lastCall);
    await claims.release();
  };
  return {
    done,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

interface Ending {
  readonly signal: AbortSignal;
  readonly givenUp: AbortSignal;
  ready(): Promise<void>;
}

function tasks<C>({ jobs, context }: JobsOptions<C>, { signal, givenUp, ready }: Ending): TaskList {
  const abandoned = new Promise<never>((_done, fail) => {
    givenUp.addEventListener("abort", () => fail(new Error("The worker stopped before the job had ended")));
  });
  abandoned.catch(() => {}); // usually nothing runs that could hear it
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (raw: unknown, { job: row }: { job: { id: string; attempts: number } }) => {
        try {
          await ready();
          const payload = job.payload.parse(withoutCron(raw));
          await Promise.race([job.run(await context(), payload, { signal, attempt: row.attempts }), abandoned]);
        } catch (error) {
          reportFailure({ job: job.name, jobId: row.id, attempt: row.attempts, error }, job.retry.attempts);
          // The queue keeps the message for people to read, so it must not hold what they may not.
          throw new Error(safeMessage(error));
        }
      },
    ]),
  );
}

function reportFailure(
  failure: { job: string; jobId: string; attempt: number; error: unknown },
  attempts: number,
): void {
  if (failure.attempt >= attempts) log.error("job.failed_for_good", failure);
  else log.warn("job.failed", failure);
}

/** graphile-worker adds its own note to the payload of scheduled jobs. */
function withoutCron(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !("_cron" in raw)) return raw;
  const { _cron, ...payload } = raw;
  return payload;
}

function cronItem<C>({ job, cron, payload }: CronEntry<C>) {
  return {
    task: job.name,
    match: cron,
    identifier: job.name,
    payload: payload ?? {},
    // One waiting run is enough, however long the one before takes.
    options: { jobKey: `cron:${job.name}`, maxAttempts: job.retry.attempts, backfillPeriod: 0 },
  };
}

/** graphile-worker's own words, but not about single jobs: those are logged above, without payload or stack. */
function report(level: string, message: string, meta: unknown): void {
  const aboutAJob = typeof meta === "object" && meta !== null && "job" in meta;
  if (aboutAJob || level === "debug" || level === "info") return;
  log[level === "error" ? "error" : "warn"]("jobs.queue_reports", { detail: safeMessage(message) });
}
