import Fastify, { type FastifyInstance } from "fastify";
import type { Context } from "@/lib/identity/context";
import { auditLogRoutes } from "./audit-log";
import { conversionRoutes } from "./conversions";
import { problem } from "./problem";
import { linkRoutes } from "./tracked-links";
import { webhookRoutes } from "./whatsapp-webhook";

export interface IngressOptions {
  /** A context of the process itself. */
  context: () => Promise<Context>;
  /** Answers that everything behind this process can be reached. */
  ready: () => Promise<boolean>;
}

/** The public process (decision 11): webhooks, tracked links, conversions and the log for auditors. No pages, no sessions, no cookies. */
export function createIngress({ context, ready }: IngressOptions): FastifyInstance {
  const server = Fastify({ logger: false, trustProxy: true, forceCloseConnections: true });
  server.setErrorHandler(async (error: { statusCode?: number; code?: string }, _request, reply) => {
    const status = error.statusCode ?? 503;
    if (status < 500) return problem(reply.code(status), status, "invalid_request");
    // The database is away or something broke: whoever called keeps what they have and comes again.
    return problem(reply.code(503).header("retry-after", "5"), 503, "unavailable");
  });
  server.setNotFoundHandler(async (_request, reply) => problem(reply.code(404), 404, "not_found"));
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) =>
    (await ready()) ? { status: "ok" } : reply.code(503).send({ status: "away" }),
  );
  server.register(webhookRoutes, { context });
  server.register(linkRoutes, { context });
  server.register(conversionRoutes, { context });
  server.register(auditLogRoutes, { context });
  return server;
}
