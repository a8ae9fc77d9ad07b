import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createCloudApi } from "../client";
import { templateRequest } from "../requests";
import { verifySignature } from "../signature";
import { parseWebhook, type WebhookItem } from "../webhooks";
import { createSandboxControl } from "./control";
import { type SandboxOptions, startSandbox } from "./server";
import type { Conversion } from "./shop";

/** The demo's start: a Tuesday at 10:00 in Madrid. */
export const TUESDAY = "2026-11-24T09:00:00.000Z";
/** A month of world time in a second: whatever will happen, happens at once. */
export const RUSH = 3_000_000;
const POLL_MS = 10;

const closers: (() => Promise<unknown>)[] = [];

export function closeLater(close: () => Promise<unknown>) {
  closers.push(close);
}

export async function closeAll() {
  for (const close of closers.splice(0).reverse()) await close();
}

export type Rehearsal = Awaited<ReturnType<typeof setUp>>;

/** A sandbox whose world runs in a rush and calls back to a receiver, and a client of it. */
export async function setUp(options: SandboxOptions = {}, speed = RUSH) {
  const sandbox = await startSandbox(options);
  closeLater(sandbox.close);
  const receiver = await startReceiver(sandbox.appSecret);
  const control = createSandboxControl(sandbox);
  const api = createCloudApi({ baseUrl: sandbox.url, apiVersion: "v25.0", token: sandbox.token });
  closeLater(control.close);
  closeLater(api.close);
  await control.changeWorld({
    disorder: { duplicated: 0.2, reordered: 0.2 },
    webhook: { url: `${receiver.origin}/webhooks` },
    conversions: { url: `${receiver.origin}/conversions`, apiKey: "clave" },
  });
  await control.setClock({ appNow: TUESDAY, speed });
  return { sandbox, receiver, control, api };
}

/** Creates an offer with a link and an opt-out button, and waits until its review is over. */
export async function approveOffer({ api, sandbox, receiver, control }: Rehearsal, name = "oferta_a") {
  const created = await api.createTemplate(sandbox.wabaId, offerDraft(name, `${receiver.origin}/l/`));
  await quiet({ control });
  return created;
}

export function offerDraft(name: string, linkBase = "http://127.0.0.1:9/l/") {
  return {
    name,
    language: "es",
    category: "MARKETING",
    components: [
      {
        type: "BODY",
        text: `Hola {{1}}, te espera una sorpresa de ${name}. Hasta el domingo.`,
        example: { body_text: [["Ana"]] },
      },
      {
        type: "BUTTONS",
        buttons: [
          { type: "URL", text: "Ver la oferta", url: `${linkBase}{{1}}`, example: [`${linkBase}abc`] },
          { type: "QUICK_REPLY", text: "No quiero más" },
        ],
      },
    ],
  };
}

export function offer(to: string, template = "oferta_a") {
  return templateRequest({
    to,
    template,
    language: "es",
    body: [{ text: "Ana" }],
    buttons: [
      { kind: "url", index: 0, suffix: to.slice(1) },
      { kind: "quick_reply", index: 1, payload: "OPT_OUT" },
    ],
    callbackData: `callback:${to}`,
  });
}

interface Change {
  field: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into values whose shape they check themselves
  value: Record<string, any>;
}

/** All changes that the webhook was told, with repetitions. */
export function changesIn(bodies: readonly string[]): Change[] {
  return bodies.flatMap((body) => {
    const { entry }: { entry: { changes: Change[] }[] } = JSON.parse(body);
    return entry.flatMap(({ changes }) => changes);
  });
}

/** Waits until nothing is on its way any more. */
export async function quiet({ control }: Pick<Rehearsal, "control">) {
  for (;;) {
    const { pending } = await control.state();
    if (Object.values(pending).every((waiting) => waiting === 0)) return;
    await pause(POLL_MS);
  }
}

/** Stands for the product: takes webhooks and conversions, and redirects tracked links to a shop. */
async function startReceiver(appSecret: string) {
  const seen = {
    webhooks: [] as WebhookItem[],
    /** Bodies of all posts that were taken, as they came. */
    bodies: [] as string[],
    postSizes: [] as number[],
    badSignatures: 0,
    conversions: [] as Conversion[],
    conversionKeys: new Set<string>(),
    visits: [] as { path: string; userAgent: string }[],
    /** Webhook posts that are answered with 503 before one is taken. */
    refuseWebhooks: 0,
  };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const path = request.url ?? "";
    if (path.startsWith("/l/")) {
      seen.visits.push({ path, userAgent: String(request.headers["user-agent"]) });
      return response.writeHead(302, { location: `https://shop.example.test/?wa_cid=cid-${path.slice(3)}` }).end();
    }
    if (path === "/conversions") {
      seen.conversions.push(...JSON.parse(body.toString("utf8")).conversions);
      seen.conversionKeys.add(String(request.headers.authorization));
      return response.writeHead(200).end("{}");
    }
    const query = new URL(path, "http://receiver").searchParams;
    if (request.method === "GET") {
      const isAllowed = query.get("hub.verify_token") === "verificar";
      return response.writeHead(isAllowed ? 200 : 403).end(isAllowed ? query.get("hub.challenge") : "");
    }
    if (seen.refuseWebhooks > 0) {
      seen.refuseWebhooks--;
      return response.writeHead(503).end();
    }
    const signature = request.headers["x-hub-signature-256"];
    if (!verifySignature(body, String(signature), appSecret)) seen.badSignatures++;
    seen.bodies.push(body.toString("utf8"));
    const parsed = parseWebhook(body);
    if (parsed.kind === "items") {
      seen.webhooks.push(...parsed.items);
      seen.postSizes.push(parsed.items.length);
    }
    return response.writeHead(200).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closeLater(
    () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo; // Listening on TCP.
  return Object.assign(seen, { origin: `http://127.0.0.1:${port}` });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
