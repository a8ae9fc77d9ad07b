import type { FastifyPluginAsync } from "fastify";
import type { Context } from "@/lib/identity/context";
import { recordClick } from "@/lib/tracking/commands/record-click";

const EXPIRED_PAGE = `<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>Enlace no disponible</title>
<main style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">Este enlace no está disponible</h1>
<p>Puede que haya caducado o que no se copiara entero.</p><p lang="en">This link is not available. It may have expired or was not copied in full.</p></main>`;

/** `/l/:code`: stores the hit and leads on. Never cached, so that every visit is seen. */
export const linkRoutes: FastifyPluginAsync<{ context: () => Promise<Context> }> = async (server, { context }) => {
  server.route<{ Params: { code: string } }>({
    method: ["GET", "HEAD"],
    url: "/l/:code",
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const hit = { method: request.method, userAgent: request.headers["user-agent"] ?? null };
      const target = await recordClick(await context(), { code: request.params.code, hit });
      reply
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("x-robots-tag", "noindex");
      if (target === undefined) return reply.code(404).type("text/html; charset=utf-8").send(EXPIRED_PAGE);
      return reply.redirect(target, 302);
    },
  });
};
