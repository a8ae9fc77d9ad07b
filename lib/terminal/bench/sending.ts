import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { campaignStage } from "./campaign-stage";
import { benchPlace } from "./place";
import { startRedis } from "./redis";
import { type BenchRow, exponentBetween, type Goal } from "./row";
import { type Queued, sendAll, withChild } from "./send-campaigns";

const WARM_UP = 4_000;
const SIZES = [20_000, 80_000] as const;
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
