import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { machineEnvironment } from "../testing/child";
import { type CampaignStage, campaignStage } from "./campaign-stage";
import { type BenchPlace, benchPlace } from "./place";
import { startRedis } from "./redis";
import { type BenchRow, exponentBetween, type Goal } from "./row";
import type { SendingChildSettings } from "./sending-child";

const WARM_UP = 4_000;
const SIZES = [20_000, 80_000] as const;
const LIMIT_MS = 600_000;
const POLL_MS = 25;
const JUDGES = new URL("../../../e2e/judges/package.json", import.meta.url);

const goals: Record<"loop" | "bullmq", Goal> = {
  loop: { text: "≥ 0.25 and ≥ 5,000 msg/s", ratioAtLeast: 0.25, valueAtLeast: 5_000 },
  bullmq: { text: "≥ 0.5", ratioAtLeast: 0.5 },
};

interface Measured {
  size: number;
  product: number;
  loop: number;
  bullmq: number | undefined;
}

/**
 * A campaign through the whole worker, full gate, sealed contents and log, to a sink that answers at once; beside it the
 * same HTTP with no database, and BullMQ doing the bare call a job. Each in a process of its own, one after the other.
 */
export async function benchSending(): Promise<BenchRow[]> {
  const place = await benchPlace();
  try {
    return await withChild({ part: "sink" }, async ({ url = "" }) => {
      const stage = await campaignStage(place, url);
      try {
        const campaigns: Queued[] = [];
        for (const size of [WARM_UP, ...SIZES])
          campaigns.push({ size, campaignId: await stage.queueCampaign(await stage.addPeople(size)) });
        const rates = await sendAll(place, stage, campaigns);
        const measured: Measured[] = [];
        for (const size of SIZES)
          measured.push({
            size,
            product: rates.get(size) ?? 0,
            loop: await loopRate(url, size),
            bullmq: await jobRate(url, size),
          });
        return rowsOf(measured);
      } finally {
        await stage.close();
      }
    });
  } finally {
    await place.close();
  }
}

interface Queued {
  size: number;
  campaignId: string;
}

/** One campaign after the other through one worker; answers messages a second by size. */
async function sendAll(
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

/** One message as the product writes it. */
const body = JSON.stringify({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to: "+34600000000",
  biz_opaque_callback_data: "00.0192f3a4-0000-7000-8000-000000000000",
  type: "template",
  template: {
    name: "rebajas",
    language: { code: "es" },
    components: [
      { type: "body", parameters: [{ type: "text", text: "Ana" }] },
      { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "c3xQm0hY8sJkTzWdb" }] },
    ],
  },
});

async function loopRate(url: string, count: number): Promise<number> {
  return withChild({ part: "loop", url, count, body }, async ({ seconds = Number.NaN }) => count / seconds);
}

/** Undefined where Redis or BullMQ is not installed. */
async function jobRate(url: string, count: number): Promise<number | undefined> {
  const judges = fileURLToPath(JUDGES);
  if (!existsSync(new URL("node_modules/bullmq", JUDGES))) return undefined;
  const redis = await startRedis();
  if (!redis) return undefined;
  try {
    return await withChild(
      { part: "bullmq", url, count, body, redisPort: redis.port, judges },
      async ({ seconds = Number.NaN }) => count / seconds,
    );
  } finally {
    await redis.stop();
  }
}

function rowsOf(measured: readonly Measured[]): BenchRow[] {
  const [small] = measured;
  const exponentOf = ({ size, product }: Measured) =>
    small && size > small.size
      ? exponentBetween({ size: small.size, cost: small.size / small.product }, { size, cost: size / product })
      : null;
  return measured.flatMap((one) => {
    const common = { size: one.size, value: one.product, unit: "msg/s", exponent: exponentOf(one) };
    const beside = { name: "sending, beside BullMQ on Redis with the bare call", ...common };
    return [
      {
        name: "sending, beside the same HTTP alone",
        ...common,
        reference: one.loop,
        ratio: one.product / one.loop,
        goal: goals.loop,
      },
      one.bullmq === undefined
        ? {
            ...beside,
            reference: null,
            ratio: null,
            goal: { text: `${goals.bullmq.text} (skipped: Redis or BullMQ is not installed)` },
          }
        : { ...beside, reference: one.bullmq, ratio: one.product / one.bullmq, goal: goals.bullmq },
    ];
  });
}

const answered = z.union([
  z.object({ error: z.string() }),
  z.object({ url: z.string().optional(), seconds: z.number().optional() }),
]);

async function withChild<T>(
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
