import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import { log } from "@/lib/foundation/log";
import type { Context } from "@/lib/identity/context";
import { receiveWebhook } from "@/lib/intake/commands/receive-webhook";
import { type NewBody, storeBodies } from "@/lib/intake/commands/store-bodies";
import { groupCommit } from "@/lib/intake/group-commit";
import { noteRefusedWebhook } from "@/lib/numbers/commands/note-refused-webhook";
import { listWebhookSecrets, type WebhookSecret } from "@/lib/numbers/queries/list-webhook-secrets";
import { problem } from "./problem";

const MAX_BODY_BYTES = 3 * 1024 * 1024; // cloud-api 8
const SECRETS_FRESH_MS = 10_000;
const SECRETS_FRESH_AFTER_MISS_MS = 500;
/** What the internet may make us write without a signature: one row that is there already, so often. */
const REFUSAL_NOTED_EVERY_MS = 5_000;

/** `/webhooks/whatsapp`: the challenge when Meta verifies the address, and every event after that. */
export const webhookRoutes: FastifyPluginAsync<{ context: () => Promise<Context> }> = async (server, { context }) => {
  const secrets = cachedSecrets(context);
  let refusedAt = Number.NEGATIVE_INFINITY;
  const store = groupCommit(async (bodies: readonly NewBody[]) => storeBodies(await context(), bodies));
  // The signature is over the bytes as they came, so nothing may parse them first.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );

  // What is given twice comes as a list.
  type Query = Record<string, string | string[] | undefined>;
  server.get<{ Querystring: Query }>("/webhooks/whatsapp", async ({ query }, reply) => {
    const hash = createHash("sha256").update(String(query["hub.verify_token"])).digest();
    const knows = (all: WebhookSecret[]) => all.some((one) => timingSafeEqual(one.verifyTokenHash, hash));
    // A token that was made just now: whoever made it has Meta ask for it at once.
    const isKnown = knows(await secrets()) || knows(await secrets({ freshMs: SECRETS_FRESH_AFTER_MISS_MS }));
    if (query["hub.mode"] !== "subscribe" || !isKnown) return problem(reply.code(403), 403, "verify_token_unknown");
    return reply.type("text/plain").send(String(query["hub.challenge"] ?? ""));
  });

  server.post("/webhooks/whatsapp", async (request, reply) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = request.headers["x-hub-signature-256"];
    const reception = await receiveWebhook(await context(), {
      raw,
      signature: typeof signature === "string" ? signature : undefined,
      appSecrets: [...new Set((await secrets()).map((one) => one.appSecret))],
      store,
    });
    if (reception.kind === "forged") {
      log.warn("webhook.forged", { bytes: raw.length });
      if (performance.now() - refusedAt > REFUSAL_NOTED_EVERY_MS) {
        refusedAt = performance.now();
        await noteRefusedWebhook(await context(), raw);
      }
      return problem(reply.code(401), 401, "signature_invalid");
    }
    return reply.send({ status: reception.kind });
  });
};

/** Read anew every ten seconds: a number that was connected just now is heard soon, without a query per webhook. */
function cachedSecrets(context: () => Promise<Context>): (options?: { freshMs: number }) => Promise<WebhookSecret[]> {
  let known: WebhookSecret[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  return async ({ freshMs } = { freshMs: SECRETS_FRESH_MS }) => {
    if (performance.now() - readAt > freshMs || known.length === 0) {
      known = await listWebhookSecrets(await context());
      readAt = performance.now();
    }
    return known;
  };
}
