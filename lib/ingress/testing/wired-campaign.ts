import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import type { TestDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { encodeCallbackData } from "@/lib/sending/callback-data";
import { keepLease } from "@/lib/sending/commands/keep-lease";
import type { MessageState } from "@/lib/sending/message";
import { queuedCampaign, SENT_AT, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { createCloudApi } from "@/lib/whatsapp/client";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { type RunningSandbox, startSandbox } from "@/lib/whatsapp/sandbox/server";
import { createMetrics } from "@/lib/worker/metrics";
import { fullClaim, sendRound } from "@/lib/worker/send-loop";
import { senders } from "@/lib/worker/senders";
import { createIngress } from "../server";

/** A week of world time in a second: whatever will happen, happens at once. */
const RUSH = 600_000;
const POLL_MS = 10;
/** Of a world that comes to rest; about a minute. */
const MOST_POLLS = 6_000;
/** Of the send loop until nothing is due; a loop that goes on spins. */
const MOST_ROUNDS = 30;
/** The cloned world's own way to say that a message is not due. */
const LATER = "2027-06-01T00:00:00.000Z";

export interface Post {
  raw: Buffer;
  signature: string;
  status: number;
}

export interface NumberSettings {
  token?: string;
  phoneNumberId?: string;
  appSecret?: string;
}

export type WiredCampaign = Awaited<ReturnType<typeof wiredCampaign>>;

/**
 * A campaign of `people` people that is due, the sandbox as Meta, our send loop and our ingress between them, over HTTP.
 * Everybody receives and reads, nobody answers. Business time stands still.
 */
export async function wiredCampaign(t: TestDatabase, people: number, dataDir?: string) {
  return wired(t, await queuedCampaign(t, people), dataDir);
}

/** The same with a campaign that is not due yet. */
export async function wired(t: TestDatabase, campaign: SentCampaign, dataDir?: string) {
  const { numberId, brandId } = campaign.world.ids;
  const secrets = { token: randomBytes(12).toString("hex"), appSecret: randomBytes(16).toString("hex") };
  const start = (port = 0) => startSandbox({ ...secrets, dataDir, port });
  let sandbox: RunningSandbox = await start();
  const control = createSandboxControl(sandbox);
  await control.changeWorld({
    reviewSeconds: 0,
    activity: { from: 0, to: 24 },
    disorder: {
      duplicated: 0,
      reordered: 0,
      beforeResponse: 0,
      readWithoutDelivered: 0,
      deliveredAfterFailed: 0,
      previewed: 0,
    },
    otherwise: { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 0, optOut: 0, buyLiftPerDelivered: 0 },
    purchases: { baseRate: 0 },
  });
  await control.setClock({ appNow: SENT_AT, speed: RUSH });

  const ingressContext = () =>
    Promise.resolve(t.context(systemActor("ingress"), { db: t.as("ingress"), now: campaign.world.worker.now }));
  let ingress = createIngress({ context: ingressContext, ready: async () => true });
  const posts: Post[] = [];
  const post = async (raw: Buffer, signature: string): Promise<number> => {
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    const answer = await ingress.inject({ method: "POST", url: "/webhooks/whatsapp", headers, payload: raw });
    return answer.statusCode;
  };
  const wire = createServer(async (request, response) => {
    const raw = await bodyOf(request);
    const signature = String(request.headers["x-hub-signature-256"]);
    const status = await post(raw, signature);
    posts.push({ raw, signature, status });
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => wire.listen(0, "127.0.0.1", listening));
  const { port: wirePort } = wire.address() as AddressInfo; // Listening on TCP.

  const workerId = newId();
  await keepLease(campaign.world.worker, workerId, 600_000);
  let ways = senders(async () => campaign.world.worker);

  /** What a person enters at "connect", and what a restart of our processes reads anew. */
  const connect = async ({ token, phoneNumberId, appSecret }: NumberSettings = {}): Promise<void> => {
    await connectNumber(t.context(systemActor("terminal"), { now: campaign.world.worker.now }), {
      brandId,
      wabaId: sandbox.wabaId,
      phoneNumberId: sandbox.phoneNumberId,
      displayNumber: "+1 555-010-0100",
      verifiedName: "Olmo",
      baseUrl: sandbox.url,
      apiVersion: "v25.0",
      token: token ?? secrets.token,
      appSecret: appSecret ?? secrets.appSecret,
      verifyToken: "verify",
      messagesPerSecond: 2_000, // No claim waits for another: a round that did nothing ends the loop.
      isSandbox: true,
    });
    if (phoneNumberId) {
      await t.db.execute(sql`update phone_numbers set phone_number_id = ${phoneNumberId} where id = ${numberId}::uuid`);
    }
    await ways.close();
    ways = senders(async () => campaign.world.worker);
    await ingress.close();
    ingress = createIngress({ context: ingressContext, ready: async () => true });
  };

  const quiet = async (): Promise<void> => {
    for (let polls = 0; polls < MOST_POLLS; polls++) {
      const { pending } = await control.state();
      if (Object.values(pending).every((waiting) => waiting === 0)) return;
      await pause(POLL_MS);
    }
    throw new Error(`the world finds no rest: ${JSON.stringify((await control.state()).pending)}`);
  };

  const api = createCloudApi({ baseUrl: sandbox.url, apiVersion: "v25.0", token: secrets.token });
  const drafts = await t.db.execute<{ name: string; components: unknown[] }>(
    sql`select name, components from templates`,
  );
  for (const { name, components } of drafts) {
    // Meta refuses the same text twice; ours has it twice.
    const own = JSON.parse(JSON.stringify(components).replace("rebajas.", `rebajas de ${name}.`));
    const draft = { name, language: "es", category: "MARKETING", components: own };
    const created = await api.createTemplate(sandbox.wabaId, draft);
    if (created.kind !== "ok") throw new Error(`${name}: ${JSON.stringify(created)}`);
  }
  await api.close();
  await quiet();
  await control.changeWorld({ webhook: { url: `http://127.0.0.1:${wirePort}/webhook` } });
  await connect();

  return {
    ...campaign,
    control,
    posts,
    post,
    connect,
    secrets,
    quiet,
    /** Makes `count` messages that nobody has touched due, and nobody else's. */
    async due(count: number): Promise<string[]> {
      await t.db.execute(sql`update messages set not_before = ${new Date(LATER)}::timestamptz where state = 'queued'`);
      const rows = await t.db.execute<{ id: string }>(sql`
        update messages set not_before = app_now() where id in (
          select m.id from messages m where m.state = 'queued' and not exists (
            select 1 from send_attempts a where a.lane = m.lane and a.message_id = m.id)
          order by m.lane, m.id limit ${count}::int)
        returning id`);
      return rows.map(({ id }) => id);
    },
    /** The waiting time of these messages, and of their number, is over. */
    async dueAgain(ids: readonly string[]): Promise<void> {
      await t.db.execute(sql`update number_tokens set hold_until = null`);
      await t.db.execute(sql`
        update messages set not_before = app_now() where state = 'queued' and id = any(${array([...ids], "uuid")})`);
    },
    /** Lets the send loop work until it finds nothing due. */
    async send(): Promise<void> {
      const sender = {
        contextFor: async () => campaign.world.worker,
        sendFrom: ways.sendFrom,
        workerId,
        signal: new AbortController().signal,
        claim: fullClaim(),
        metrics: createMetrics(),
      };
      for (let round = 0; await sendRound(sender); round++) {
        if (round > MOST_ROUNDS) throw new Error("the send loop finds no end");
      }
    },
    /** Lets the world end what it has begun, and the intake read all of it. */
    async settle(): Promise<void> {
      await quiet();
      while ((await dispatchWebhooks(campaign.world.worker)) > 0);
    },
    /** How these messages stand, and how often Meta was asked for each. */
    async states(ids: readonly string[]): Promise<{ states: MessageState[]; attempts: number[] }> {
      const rows = await t.db.execute<{ state: MessageState; attempts: number }>(sql`
        select m.state, (select count(*)::int from send_attempts a where a.lane = m.lane and a.message_id = m.id) as attempts
        from messages m where m.id = any(${array([...ids], "uuid")}) order by m.lane, m.id`);
      return { states: rows.map(({ state }) => state), attempts: rows.map(({ attempts }) => attempts) };
    },
    /** Meta's ids of these messages, in their order. */
    async wamids(ids: readonly string[]): Promise<string[]> {
      const known = new Map((await control.messages()).map(({ callbackData = "", wamid }) => [callbackData, wamid]));
      const rows = await t.db.execute<{ lane: number; id: string }>(sql`
        select lane, id from send_attempts where message_id = any(${array([...ids], "uuid")}) order by lane, message_id`);
      return rows.map(({ lane, id }) => known.get(encodeCallbackData(lane, id)) ?? "");
    },
    /** Kills the sandbox as it is, and starts it again where it was. */
    async restartSandbox(): Promise<void> {
      const port = Number(new URL(sandbox.url).port);
      await sandbox.close();
      sandbox = await start(port);
    },
    async close(): Promise<void> {
      await ways.close();
      await control.close();
      await sandbox.close();
      wire.closeAllConnections();
      await new Promise((closed) => wire.close(closed));
      await ingress.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
