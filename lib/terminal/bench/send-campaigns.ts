import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { machineEnvironment } from "../testing/child";
import type { CampaignStage } from "./campaign-stage";
import type { BenchPlace } from "./place";
import type { SendingChildSettings } from "./sending-child";

const LIMIT_MS = 600_000;
const POLL_MS = 25;

export interface Queued {
  size: number;
  campaignId: string;
}

/** One campaign after the other through one worker; answers messages a second by size. */
export async function sendAll(
  place: BenchPlace,
  stage: CampaignStage,
  campaigns: readonly Queued[],
): Promise<Map<number, number>> {
  const { keystoreUrl, dataDir, urls } = place;
  const rates = new Map<number, number>();
  await withChild({ part: "worker", databaseUrl: urls.worker, keystoreUrl, dataDir }, async () => {
    for (const { size, campaignId } of campaigns) {
      const start = performance.now();
      await stage.start(campaignId);
      await until(() => isSent(place, campaignId));
      rates.set(size, (size / (performance.now() - start)) * 1_000);
      const { accepted = 0, ...others } = await statesOf(place, campaignId);
      if (accepted !== size)
        throw new Error(`of ${size} messages ${accepted} were accepted: ${JSON.stringify(others)}`);
    }
  });
  return rates;
}

async function statesOf({ db }: BenchPlace, campaignId: string): Promise<Record<string, number>> {
  const rows = await db.execute<{ state: string; count: number }>(sql`
    select state || coalesce(' ' || reason, '') as state, count(*)::int as count from messages where campaign_id = ${campaignId} group by 1`);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

async function isSent({ db }: BenchPlace, campaignId: string): Promise<boolean> {
  const rows = await db.execute(sql`
    select from generate_series(0, 63) as l(lane) where exists (select from messages m
      where m.lane = l.lane and m.state = 'queued' and m.campaign_id = ${campaignId})
      or exists (select from messages m where m.lane = l.lane and m.state in ('sending', 'unknown')) limit 1`);
  return rows.length === 0;
}

async function until(isOver: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await isOver())) {
    if (performance.now() - start > LIMIT_MS) throw new Error(`the sending did not end within ${LIMIT_MS / 1_000} s`);
    await pause(POLL_MS);
  }
}

const answered = z.union([
  z.object({ error: z.string() }),
  z.object({ url: z.string().optional(), seconds: z.number().optional() }),
]);

/** One part of the benchmark in a process of its own, which ends with the work. */
export async function withChild<T>(
  settings: SendingChildSettings,
  work: (answer: { url?: string; seconds?: number }) => Promise<T>,
): Promise<T> {
  const child = fork(fileURLToPath(new URL("sending-child.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    env: machineEnvironment({ LOG_LEVEL: process.env.LOG_LEVEL ?? "fatal" }),
  });
  const ended = once(child, "exit");
  try {
    child.send(settings);
    const [message] = await once(child, "message");
    const answer = answered.parse(message);
    if ("error" in answer) throw new Error(answer.error);
    return await work(answer);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
