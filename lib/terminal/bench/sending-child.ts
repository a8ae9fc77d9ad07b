import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { loadSecrets } from "@/lib/foundation/secrets";
import { startWorker } from "@/lib/worker/worker";

// A process of its own for each part: the sink must not sit on the event loop of whoever sends to it.

export type SendingChildSettings =
  | { part: "sink" }
  | { part: "worker"; databaseUrl: string; keystoreUrl: string; dataDir: string }
  | { part: "loop"; url: string; count: number; body: string }
  | { part: "bullmq"; url: string; count: number; body: string; redisPort: number; judges: string };

/** Under way at once, for all three: what the product's client allows itself a number. */
const CONNECTIONS = 64;
const JOBS_A_CALL = 1_000;
const WARM_UP = 2_000;

process.once("message", (settings: SendingChildSettings) => {
  start(settings).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.once("disconnect", () => process.exit(0));

async function start(settings: SendingChildSettings): Promise<{ url: string } | { seconds: number }> {
  switch (settings.part) {
    case "sink":
      return { url: await startSink() };
    case "worker":
      await startWorker({ ...settings, secrets: loadSecrets(settings.dataDir) });
      return { url: "" };
    case "loop":
      return { seconds: await bareLoop(settings) };
    case "bullmq":
      return { seconds: await jobs(settings) };
  }
}

/** Takes every message at once, as Meta would answer. */
async function startSink(): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      count += 1;
      const input = /"to":"([^"]+)"/.exec(text)?.[1] ?? "";
      const body = JSON.stringify({
        messaging_product: "whatsapp",
        contacts: [{ input, wa_id: input.replace("+", "") }],
        messages: [{ id: `wamid.${String(count).padStart(40, "0")}`, message_status: "accepted" }],
      });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  return `http://127.0.0.1:${address.port}`;
}

/** The same HTTP with nothing around it. */
async function bareLoop({ url, count, body }: { url: string; count: number; body: string }): Promise<number> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const send = sender(pool, body);
  const sendAll = async (all: number) => {
    let left = all;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (left-- > 0) await send();
      }),
    );
  };
  await sendAll(WARM_UP);
  const start = performance.now();
  await sendAll(count);
  return (performance.now() - start) / 1_000;
}

function sender(pool: Pool, body: string): (own?: string) => Promise<void> {
  const headers = { "content-type": "application/json", authorization: "Bearer a token" };
  return async (own = body) => {
    const answer = await pool.request({ method: "POST", path: "/v23.0/800000000000001/messages", headers, body: own });
    const { messages } = (await answer.body.json()) as { messages: { id: string }[] }; // our own sink
    if (answer.statusCode !== 200 || !messages[0]?.id) throw new Error("the sink did not take a message");
  };
}

/** What is used of BullMQ. It is no dependency of the product: e2e/judges brings it, where it is installed. */
interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: { name: string; data: unknown }[]): Promise<unknown>;
    close(): Promise<void>;
  };
  Worker: new (
    name: string,
    work: (job: { data: { body: string } }) => Promise<void>,
    options: object,
  ) => {
    on(event: "completed", listener: () => void): void;
    run(): Promise<void>;
    close(force?: boolean): Promise<void>;
  };
}

/** BullMQ with as many requests under way, one bare call a job: no consent, no log, nothing sealed. Adding is not counted. */
async function jobs(settings: Extract<SendingChildSettings, { part: "bullmq" }>): Promise<number> {
  const { Queue, Worker } = createRequire(settings.judges)("bullmq") as BullMq; // its own types are not installed with the product
  const connection = { host: "127.0.0.1", port: settings.redisPort };
  const pool = new Pool(settings.url, { connections: CONNECTIONS, pipelining: 1 });
  const send = sender(pool, settings.body);
  const runAll = async (name: string, all: number) => {
    const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
    for (let added = 0; added < all; added += JOBS_A_CALL)
      await queue.addBulk(
        Array.from({ length: Math.min(JOBS_A_CALL, all - added) }, () => ({ name, data: { body: settings.body } })),
      );
    const worker = new Worker(name, ({ data }) => send(data.body), {
      connection,
      concurrency: CONNECTIONS,
      autorun: false,
    });
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      let done = 0;
      worker.on("completed", () => {
        done += 1;
        if (done === all) resolve();
      });
      worker.run().catch(reject);
    });
    const seconds = (performance.now() - start) / 1_000;
    await worker.close(true);
    await queue.close();
    return seconds;
  };
  await runAll("warm-up", WARM_UP);
  return runAll("measured", settings.count);
}
