import { setMaxListeners } from "node:events";
import { sql } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import type { Secrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";
import { applyParkedStatuses } from "@/lib/intake/commands/apply-parked-statuses";
import { DISPATCHERS, dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { runJobs } from "@/lib/jobs/run";
import { sequence } from "@/lib/ledger/sequence";
import { askWitnesses, type Witnesses } from "@/lib/reporting/commands/ask-witnesses";
import { readOperations } from "@/lib/reporting/queries/read-operations";
import { takeDueLooks } from "@/lib/results/commands/take-due-looks";
import { advanceSending } from "@/lib/sending/commands/advance-sending";
import { askWaiting } from "@/lib/sending/commands/ask-waiting";
import { endLease, keepLease, LEASE_MS } from "@/lib/sending/commands/keep-lease";
import { recoverAttempts } from "@/lib/sending/commands/recover-attempts";
import { cancelStoppedMessages, settleMessages } from "@/lib/sending/commands/settle-messages";
import { skipRefused } from "@/lib/sending/commands/skip-refused";
import { stopFailingCampaigns } from "@/lib/sending/commands/stop-failing-campaigns";
import { stopRefusedCampaigns } from "@/lib/sending/commands/stop-refused-campaigns";
import { tellRecovered } from "@/lib/sending/commands/tell-recovered";
import { watchClock } from "@/lib/sending/commands/watch-clock";
import { attributeConversions } from "@/lib/tracking/commands/attribute-conversions";
import { allJobs, schedule } from "./jobs";
import { keepCheckpoint, publishLogKey } from "./keep-log";
import { type Loop, runLoop } from "./loop";
import { createMetrics } from "./metrics";
import { serveOperations } from "./operations-server";
import { fullClaim, sendRound } from "./send-loop";
import { senders } from "./senders";

export interface WorkerSettings {
  /** The database as contraste_worker. */
  databaseUrl: string;
  keystoreUrl: string;
  secrets: Secrets;
  dataDir: string;
  /** How long after its last sign of life this worker counts as dead. */
  leaseMs?: number;
  /** Who watches the log. */
  witnesses?: Witnesses;
  /** Where `/healthz`, `/readyz` and `/metrics` are answered, on loopback; undefined: nowhere. */
  operationsPort?: number | undefined;
}

export interface RunningWorker {
  /** Of the operations' answers, where they are given. */
  operationsUrl?: string | undefined;
  /** Begins nothing new, ends what has begun, gives its lease back. */
  stop(): Promise<void>;
}

const CONNECTIONS = 20;
const REFUSED_EVERY_MS = 20_000; // promised: within a minute (compliance 3.2)
const FIRST_LOOK_BACK_MS = 7 * 86_400_000;
const CHECKPOINT_EVERY_MS = 10_000; // promised: within 60 s (compliance I4)

/** Starts everything that works in the background: sending, webhooks, the log, looks, jobs. */
export async function startWorker({
  leaseMs = LEASE_MS,
  witnesses = { addresses: [], quorum: 0 },
  ...settings
}: WorkerSettings): Promise<RunningWorker> {
  const runtime = await openRuntime({ ...settings, role: "worker", maxConnections: CONNECTIONS });
  const stopping = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, stopping.signal); // every loop and every claim that waits listens
  const context = () => runtime.contextFor(systemActor("worker"));
  const workerId = newId();
  const ctx = await context();
  await publishLogKey(ctx, settings.secrets);
  await keepLease(ctx, workerId, leaseMs);
  const numbers = senders(context);
  const metrics = createMetrics();
  const sender = {
    contextFor: context,
    sendFrom: numbers.sendFrom,
    workerId,
    signal: stopping.signal,
    claim: fullClaim(),
    metrics,
  };
  const loops: Loop[] = [
    { name: "send", restMs: 200, round: () => sendRound(sender) },
    ...Array.from({ length: DISPATCHERS }, (_, n) => ({
      name: `webhooks ${n + 1}`,
      restMs: 150,
      round: async () => (await dispatchWebhooks(await context())) > 0,
    })),
    { name: "parked", restMs: 1_000, round: async () => (await applyParkedStatuses(await context())) > 0 },
    { name: "campaigns", restMs: 500, round: quiet(async () => advanceSending(await context())) },
    { name: "conversions", restMs: 500, round: async () => (await attributeConversions(await context())) > 0 },
    { name: "looks", restMs: 1_000, round: quiet(async () => void (await takeDueLooks(await context()))) },
    { name: "recovery", restMs: 2_000, round: quiet(async () => void (await recoverAttempts(await context()))) },
    { name: "stopped", restMs: 2_000, round: async () => (await cancelStoppedMessages(await context())) > 0 },
    { name: "questions", restMs: 3_000, round: async () => askWaiting(await context()) },
    { name: "refused", restMs: REFUSED_EVERY_MS, round: skipRefusedSince(context) },
    { name: "opt-out rate", restMs: 15_000, round: quiet(async () => stopRefusedCampaigns(await context())) },
    { name: "failure rate", restMs: 15_000, round: quiet(async () => stopFailingCampaigns(await context())) },
    { name: "clock", restMs: 10_000, round: quiet(async () => void (await watchClock(await context()))) },
    { name: "silence", restMs: 60_000, round: quiet(async () => void (await settleMessages(await context()))) },
    { name: "limits", restMs: 30_000, round: quiet(async () => tellRecovered(await context())) },
    { name: "log", restMs: 500, round: quiet(async () => void (await sequence((await context()).db))) },
    {
      name: "checkpoint",
      restMs: CHECKPOINT_EVERY_MS,
      round: quiet(async () => keepCheckpoint(await context(), settings)),
    },
    {
      name: "witnesses",
      restMs: CHECKPOINT_EVERY_MS,
      round: quiet(async () => askWitnesses(await context(), witnesses)),
    },
  ];
  // The lease outlives the other loops: what they have begun must be able to end under it.
  const leasing = new AbortController();
  const lease = runLoop(
    { name: "lease", restMs: leaseMs / 3, round: quiet(async () => keepLease(await context(), workerId, leaseMs)) },
    leasing.signal,
  );
  const running = loops.map((loop) => runLoop(loop, stopping.signal));
  const jobs = await runJobs({ url: settings.databaseUrl, jobs: allJobs, cron: schedule, context });
  const operations =
    settings.operationsPort === undefined
      ? undefined
      : await serveOperations(settings.operationsPort, {
          ready: async () => (await ctx.db.execute(sql`select 1`)).length === 1,
          metrics: async () => ({
            contentType: metrics.contentType,
            text: await metrics.render(await readOperations(await context())),
          }),
        });
  log.info("worker.started", { workerId, ...(operations && { operations: operations.url }) });
  return {
    operationsUrl: operations?.url,
    stop: async () => {
      stopping.abort();
      await Promise.all([...running, jobs.stop()]);
      leasing.abort();
      await lease;
      await sequence(ctx.db).then(() => keepCheckpoint(ctx, settings));
      await operations?.close();
      await endLease(ctx, workerId);
      await numbers.close();
      await runtime.close();
      log.info("worker.stopped", { workerId });
    },
  };
}

/** Each refusal is looked for in two rounds, so that what another process held in the first is met in the second. */
function skipRefusedSince(context: () => Promise<Context>): () => Promise<boolean> {
  let before: Date | undefined;
  let since: Date | undefined;
  return async () => {
    const ctx = await context();
    const now = ctx.now();
    await skipRefused(ctx, before ?? new Date(now.getTime() - FIRST_LOOK_BACK_MS));
    [before, since] = [since, now];
    return false;
  };
}

function quiet(work: () => Promise<void>): () => Promise<boolean> {
  return async () => {
    await work();
    return false;
  };
}
