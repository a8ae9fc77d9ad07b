import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { Pool } from "undici";
import * as z from "zod";
import { array, connect } from "@/db/client";
import {
  type AcceptedMessages,
  acceptedMessages,
  forgetStatuses,
  META_IDS,
} from "@/lib/intake/testing/accepted-messages";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { secretPlace } from "@/lib/numbers/number";
import { signBody } from "@/lib/whatsapp/signature";
import { machineEnvironment } from "../testing/child";
import type { ChildSettings } from "./intake-child";
import { knownRecipients, type Recipient } from "./known-recipients";
import { type BenchPlace, benchPlace } from "./place";
import { type BenchRow, exponentBetween, type Goal } from "./row";

const SINGLES = [5_000, 20_000] as const;
const BATCHED = [20_000, 80_000] as const;
const STATUSES_PER_POST = 200;
const CONNECTIONS = 64;
/** Posts before the clock starts, so that both sides have compiled what they run. */
const WARM_UP = 300;
const APP_SECRET = "the bench's app secret";
const SETTLE_LIMIT_MS = 120_000;

const goals: Record<"single" | "latency" | "batched", Goal> = {
  single: { text: "≥ 0.3", ratioAtLeast: 0.3 },
  latency: { text: "p99 ≤ 250 ms", valueAtMost: 250 },
  batched: { text: "≥ 0.3 and ≥ 8,000/s", ratioAtLeast: 0.3, valueAtLeast: 8_000 },
};

/** Webhook intake: one status per POST up to its 200, and 200 statuses per POST up to the state of their messages. */
export async function benchIntake(): Promise<BenchRow[]> {
  const place = await benchPlace();
  try {
    const messages = await acceptedMessages(place.db, { count: Math.max(...SINGLES, ...BATCHED) });
    await place.db.execute(sql`
      update phone_numbers set app_secret_sealed = ${seal(
        installationKey(place.secrets.keyEncryptionKey),
        APP_SECRET,
        secretPlace("app_secret", messages.numberId),
      )} where id = ${messages.numberId}`);
    const people = await knownRecipients(place.db, place.secrets.lookupKey);
    await place.db.execute(sql`vacuum analyze`);
    const sent = { messages, bodyOf: bodiesTo(people) };
    return [...(await benchSingles(place, sent)), ...(await benchBatched(place, sent))];
  } finally {
    await place.close();
  }
}

/** What was sent, and the webhook that tells a status of some of it. */
interface Sent {
  messages: AcceptedMessages;
  bodyOf: (wamids: readonly string[], status: string) => string;
}

async function benchSingles(place: BenchPlace, { messages, bodyOf }: Sent): Promise<BenchRow[]> {
  const measured = [];
  for (const size of SINGLES) {
    const wamids = spread(messages.wamids, size);
    const reference = await withChild(place, "reference", (url) =>
      postAll(
        url,
        wamids.map((wamid) => bodyOf([wamid], "reference")),
      ),
    );
    await emptyInbox(place);
    const product = await withChild(place, "ingress", (url) =>
      postAll(
        url,
        wamids.map((wamid) => bodyOf([wamid], "sent")),
      ),
    );
    await withChild(place, "worker", () => settled(place, messages, size));
    await emptyInbox(place);
    await forgetStatuses(place.db, messages.campaignId);
    measured.push({ size, rate: size / product.seconds, reference: size / reference.seconds, p99: product.p99 });
  }
  return [
    ...rateRows("intake, one status per POST", "posts/s", goals.single, measured),
    ...measured.map(({ size, p99 }) => ({
      name: "intake, one status per POST, answer",
      size,
      value: p99,
      unit: "ms p99",
      reference: null,
      ratio: null,
      goal: goals.latency,
      exponent: null,
    })),
  ];
}

async function benchBatched(place: BenchPlace, { messages, bodyOf }: Sent): Promise<BenchRow[]> {
  const measured = [];
  for (const size of BATCHED) {
    const wamids = spread(messages.wamids, size);
    const referenceSeconds = await bareUpdates(place, wamids);
    await forgetStatuses(place.db, messages.campaignId);
    const bodies = chunks(wamids, STATUSES_PER_POST).map((some) => bodyOf(some, "sent"));
    // A word that changes no state: reader, dispatcher and their statements are warm before the clock starts.
    const warmUp = chunks(wamids.slice(0, 4_000), STATUSES_PER_POST).map((some) => bodyOf(some, "noted"));
    const seconds = await withChild(place, "worker", () =>
      withChild(place, "ingress", async (url) => {
        await postAll(url, warmUp);
        await drained(place);
        const { startedAt } = await postAll(url, bodies);
        await settled(place, messages, size);
        return (performance.now() - startedAt) / 1_000;
      }),
    );
    await emptyInbox(place);
    await forgetStatuses(place.db, messages.campaignId);
    measured.push({ size, rate: size / seconds, reference: size / referenceSeconds });
  }
  return rateRows("intake, 200 statuses per POST, to the message's state", "statuses/s", goals.batched, measured);
}

function rateRows(
  name: string,
  unit: string,
  goal: Goal,
  measured: readonly { size: number; rate: number; reference: number }[],
): BenchRow[] {
  const [small] = measured;
  return measured.map(({ size, rate, reference }) => ({
    name,
    size,
    value: rate,
    unit,
    reference,
    ratio: rate / reference,
    goal,
    exponent:
      small && size > small.size
        ? exponentBetween({ size: small.size, cost: small.size / small.rate }, { size, cost: size / rate })
        : null,
  }));
}

/** The bare batched update: the same messages to the same state, 200 a statement, nothing else. */
async function bareUpdates(place: BenchPlace, wamids: readonly string[]): Promise<number> {
  const rows = await place.db.execute<{ lane: number; id: string; wamid: string }>(sql`
    select lane, id, wamid from messages where wamid = any(${array(wamids, "text")})`);
  const connection = connect(place.urls.owner, { max: 2, role: "owner" });
  const batches = chunks(rows, STATUSES_PER_POST);
  const start = performance.now();
  const work = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop())
      await connection.db.execute(sql`
        update messages m set state = 'sent', sent_at = now(), state_at = now()
        from unnest(${array(
          batch.map((row) => row.lane),
          "smallint",
        )}, ${array(
          batch.map((row) => row.id),
          "uuid",
        )}) as u(lane, id) where m.lane = u.lane and m.id = u.id`);
  };
  await Promise.all([work(), work()]);
  const seconds = (performance.now() - start) / 1_000;
  await connection.close();
  return seconds;
}

/** Waits until all of them have their status; throws when some never get it: nothing may be lost. */
async function settled(place: BenchPlace, { campaignId }: AcceptedMessages, count: number): Promise<void> {
  await drained(place);
  const [done] = await place.db.execute<{ n: number }>(sql`
    select count(*)::int as n from messages where campaign_id = ${campaignId} and state = 'sent'`);
  if (done?.n !== count) throw new Error(`${count} statuses were acknowledged, ${done?.n} reached their message`);
}

async function drained(place: BenchPlace): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < SETTLE_LIMIT_MS) {
    const [row] = await place.db.execute<{ waiting: number }>(sql`
      select count(*)::int as waiting from webhook_inbox where status = 'new'`);
    if (row?.waiting === 0) return;
    await pause(50);
  }
  throw new Error(`the statuses did not reach their messages within ${SETTLE_LIMIT_MS / 1_000} s`);
}

async function emptyInbox({ db }: BenchPlace): Promise<void> {
  await db.execute(sql`truncate webhook_inbox`);
  await db.execute(sql`vacuum analyze messages`);
}

/** Evenly over the lanes. */
function spread(wamids: readonly string[], count: number): string[] {
  const step = wamids.length / count;
  return Array.from({ length: count }, (_, n) => wamids[Math.floor(n * step)] ?? "");
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

/** As Meta sends them, with the parts that a status of a template has; each names whom its message went to. */
function bodiesTo(people: ReadonlyMap<string, Recipient>): Sent["bodyOf"] {
  const metadata = { display_phone_number: "15550100100", phone_number_id: META_IDS.phoneNumberId };
  return (wamids, status) => {
    const statuses = wamids.map((id) => ({
      id,
      status,
      timestamp: "1763800000",
      recipient_id: people.get(id)?.waId,
      recipient_user_id: people.get(id)?.userId,
      pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
    }));
    const value = { messaging_product: "whatsapp", metadata, statuses };
    const entry = [{ id: META_IDS.wabaId, changes: [{ field: "messages", value }] }];
    return JSON.stringify({ object: "whatsapp_business_account", entry });
  };
}

interface Post {
  body: string;
  signature: string;
}

function signed(body: string): Post {
  return { body, signature: signBody(body, APP_SECRET) };
}

async function post(pool: Pool, { body, signature }: Post): Promise<void> {
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const answer = await pool.request({ method: "POST", path: "/webhooks/whatsapp", headers, body });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`a webhook was answered with ${answer.statusCode}`);
}

interface Posted {
  /** When the clock started, after the warm-up. */
  startedAt: number;
  seconds: number;
  p99: number;
}

/** Posts all of them over 64 connections; throws on any other answer than 200. */
async function postAll(url: string, bodies: readonly string[]): Promise<Posted> {
  const posts = bodies.map(signed);
  const pool = new Pool(url, { connections: CONNECTIONS });
  for (let n = 0; n < WARM_UP; n++) await post(pool, signed(JSON.stringify({ entry: [], n })));
  const times: number[] = [];
  let next = 0;
  const work = async () => {
    for (let one = posts[next++]; one; one = posts[next++]) {
      const start = performance.now();
      await post(pool, one);
      times.push(performance.now() - start);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  times.sort((a, b) => a - b);
  return { startedAt, seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

const started = z.union([z.object({ url: z.string() }), z.object({ error: z.string() })]);

async function withChild<T>(
  place: BenchPlace,
  part: ChildSettings["part"],
  work: (url: string) => Promise<T>,
): Promise<T> {
  const child = fork(fileURLToPath(new URL("intake-child.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    env: machineEnvironment({ LOG_LEVEL: "error" }),
  });
  const ended = once(child, "exit");
  try {
    const databaseUrl = part === "worker" ? place.urls.worker : place.urls.ingress;
    child.send({ part, databaseUrl, keystoreUrl: place.keystoreUrl, dataDir: place.dataDir } satisfies ChildSettings);
    const [message] = await once(child, "message");
    const answer = started.parse(message);
    if ("error" in answer) throw new Error(answer.error);
    return await work(answer.url);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
