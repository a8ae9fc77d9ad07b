import { createHash, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { signBody } from "../signature";
import type { FaultScript } from "./faults";
import type { JournalLine, SandboxState } from "./journal";
import { Outbox } from "./outbox";
import type { Conversion } from "./shop";
import type { Outlets } from "./teller";
import { type WebhookUpdate, webhookBody } from "./webhook-bodies";
import type { World } from "./world";

const MAX_CONVERSIONS = 200;
const WEBHOOK_POSTS_AT_ONCE = 4;
const VISITS_AT_ONCE = 16;
/** Meta repeats for up to seven days. World time may run fast, so there is a least number of tries, too. */
const WEBHOOK_HORIZON_MS = 7 * 24 * 60 * 60_000;
const LEAST_WEBHOOK_TRIES = 50;
const LONGEST_WEBHOOK_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 5_000;
/** With pauses up to 5 s this is about a day. */
const CONVERSION_TRIES = 17_000;
const VISIT_TRIES = 6;
/** An answer of the API waits no longer than this for a status that is told before it. */
const TOLD_FIRST_MS = 5_000;
/** Answers that say the batch itself is wrong, so that repeating it cannot help. */
const MALFORMED = new Set([400, 413, 422]);
const ANSWER_TIMEOUT_MS = 10_000;

const IN_APP_BROWSER =
  "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36";
const PREVIEW_BOT = "WhatsApp/2.26.20.71 A";

interface Visit {
  link: string;
  userAgent: string;
  /** Told the click id of the shop's address, or nothing when there is none. */
  done: (clickId: string | undefined) => void;
}

/** Everything that the sandbox sends by itself: webhooks, visits of links, purchases reported by the shop. */
export function createDeliveries(
  account: SandboxState["account"],
  parts: {
    world: () => World;
    /** World time. */
    now: () => number;
    isSubscribed: () => boolean;
    faults: FaultScript;
    journal: (line: JournalLine) => void;
  },
) {
  const agent = new Agent({
    connections: VISITS_AT_ONCE,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  const closing = new AbortController();
  const post = (url: string, headers: Record<string, string>, body: string) => statusOf(agent, url, { headers, body });

  const webhooks = new Outbox<WebhookUpdate>({
    maxBatch: () => parts.world().webhookShape.maxBatch,
    concurrency: WEBHOOK_POSTS_AT_ONCE,
    now: parts.now,
    longestBackOffMs: LONGEST_WEBHOOK_PAUSE_MS,
    givesUp: ({ times, since }) => times >= LEAST_WEBHOOK_TRIES && parts.now() - since >= WEBHOOK_HORIZON_MS,
    deliver: async (batch) => {
      const { webhook: target, webhookShape } = parts.world();
      if (!target || !parts.isSubscribed()) return "taken"; // Like Meta: nobody subscribed, nobody told.
      const trouble = parts.faults.next("webhooks");
      if (trouble?.kind === "latency") await sleep(trouble.ms, undefined, { signal: closing.signal });
      if (trouble?.kind === "status" || trouble?.kind === "hang") return "again";
      const body = webhookBody(batch, account, webhookShape);
      const signature = signBody(body, account.appSecret);
      const status = await post(target.url, { "x-hub-signature-256": signature }, body);
      return status === 200 && trouble?.kind !== "drop_ack" ? "taken" : "again";
    },
  });
  const conversions = new Outbox<Conversion>({
    maxBatch: () => MAX_CONVERSIONS,
    concurrency: 2,
    now: parts.now,
    longestBackOffMs: LONGEST_PAUSE_MS,
    givesUp: ({ times }) => times >= CONVERSION_TRIES,
    deliver: async (batch) => {
      const target = parts.world().conversions;
      if (!target) return "taken";
      const body = JSON.stringify({ conversions: batch });
      const idempotencyKey = createHash("sha256").update(body).digest("hex"); // a batch that is repeated is the same request
      const headers = { authorization: `Bearer ${target.apiKey}`, "idempotency-key": idempotencyKey };
      const status = await post(target.url, headers, body);
      if (status >= 200 && status < 300) return "taken";
      return MALFORMED.has(status) ? "refused" : "again";
    },
  });
  const visits = new Outbox<Visit>({
    maxBatch: () => 1,
    concurrency: VISITS_AT_ONCE,
    now: parts.now,
    longestBackOffMs: LONGEST_PAUSE_MS,
    givesUp: ({ times }) => times >= VISIT_TRIES,
    deliver: async (batch) => {
      for (const { link, userAgent, done } of batch) done(await open(agent, link, userAgent));
      return "taken";
    },
    onDropped: (batch) => {
      for (const { done } of batch) done(undefined);
    },
  });

  const outlets: Outlets = {
    webhook: (update, isLate) => webhooks.add(update, isLate),
    webhookAtOnce: async (update) => {
      const timeout = new AbortController();
      const limit = sleep(TOLD_FIRST_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
      await Promise.race([webhooks.addAtOnce(update), limit]);
      timeout.abort();
    },
    conversion: (conversion) => conversions.add(conversion),
    visit: (link) => new Promise((done) => visits.add({ link, userAgent: IN_APP_BROWSER, done })),
    preview: (link) => visits.add({ link, userAgent: PREVIEW_BOT, done: () => undefined }),
    journal: parts.journal,
  };
  return {
    outlets,
    /** Asks an address whether it wants our webhooks, as Meta does before the first one. */
    confirms: (url: string, verifyToken: string) => confirms(agent, url, verifyToken).catch(() => false),
    pending: () => ({ webhooks: webhooks.pending, visits: visits.pending, conversions: conversions.pending }),
    dropped: () => ({ webhooks: webhooks.dropped, visits: visits.dropped, conversions: conversions.dropped }),
    async close() {
      // Destroyed first, so that nothing waits for an answer that may not come.
      closing.abort();
      await agent.destroy();
      await Promise.all([webhooks.close(), conversions.close(), visits.close()]);
    },
  };
}

async function statusOf(
  agent: Agent,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<number> {
  const answer = await request(url, {
    dispatcher: agent,
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "contraste-sandbox", ...headers },
    body,
  });
  await answer.body.dump();
  return answer.statusCode;
}

async function confirms(agent: Agent, url: string, verifyToken: string): Promise<boolean> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  const asked = new URL(url);
  asked.searchParams.set("hub.mode", "subscribe");
  asked.searchParams.set("hub.challenge", challenge);
  asked.searchParams.set("hub.verify_token", verifyToken);
  const answer = await request(asked, { dispatcher: agent, method: "GET" });
  const text = await answer.body.text();
  return answer.statusCode === 200 && text === challenge;
}

/** Opens a link like a phone does and reads where it leads; the shop itself is not visited. */
async function open(agent: Agent, link: string, userAgent: string): Promise<string | undefined> {
  // Templates may name real sites; virtual people only ever open links of this machine.
  if (!URL.canParse(link) || !isLoopback(new URL(link).hostname)) return undefined;
  const answer = await request(link, { dispatcher: agent, method: "GET", headers: { "user-agent": userAgent } });
  await answer.body.dump();
  if (answer.statusCode >= 500) throw new Error("link_unavailable");
  const location = answer.headers.location;
  if (typeof location !== "string") return undefined;
  return new URL(location, link).searchParams.get("wa_cid") ?? undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
