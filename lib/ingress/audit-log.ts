import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { may } from "@/lib/identity/authorize";
import { actingAs, type Context } from "@/lib/identity/context";
import { findApiKeyByToken } from "@/lib/identity/queries/find-api-key-by-token";
import { parseTilePath } from "@/lib/ledger/tiles";
import { readLogCheckpoint, readLogLeaves, readLogTile } from "@/lib/reporting/queries/read-log";
import { problem } from "./problem";

/** What is full never changes; only whoever has a key may keep it. */
const FOR_EVER = "private, max-age=31536000, immutable";
const ALWAYS_ANEW = "private, no-cache";

/**
 * `/audit/log/…`: the log as C2SP tlog-tiles, for auditors with a key that carries `ledger.read`. Hashes, leaves (which hold no
 * personal data) and signatures: who has them all recomputes the log without us.
 */
export const auditLogRoutes: FastifyPluginAsync<{ context: () => Promise<Context> }> = async (server, { context }) => {
  const asAuditor =
    (answer: (ctx: Context, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const ctx = await context();
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
      const actor = token === undefined ? undefined : await findApiKeyByToken(ctx, { token });
      if (!actor) return problem(reply.code(401).header("www-authenticate", "Bearer"), 401, "unauthenticated");
      if (!may(actor, "ledger.read")) return problem(reply.code(403), 403, "forbidden", "the key lacks ledger.read");
      return answer(actingAs(ctx, actor), request, reply);
    };
  const missing = (reply: FastifyReply) => problem(reply.code(404), 404, "not_found");

  server.get(
    "/audit/log/checkpoint",
    asAuditor(async (ctx, _request, reply) => {
      const note = await readLogCheckpoint(ctx);
      return note
        ? reply.header("cache-control", ALWAYS_ANEW).type("text/plain; charset=utf-8").send(note)
        : missing(reply);
    }),
  );
  server.get<{ Params: { "*": string } }>(
    "/audit/log/tile/*",
    asAuditor(async (ctx, request, reply) => {
      const place = parseTilePath(request.url.slice(request.url.indexOf("tile/")));
      if (!place) return missing(reply);
      const { level, n, width } = place;
      const bytes =
        level === "entries" ? await readLogLeaves(ctx, { n, width }) : await readLogTile(ctx, { level, n, width });
      return bytes
        ? reply.header("cache-control", FOR_EVER).type("application/octet-stream").send(bytes)
        : missing(reply);
    }),
  );
};
