import type { FastifyPluginAsync } from "fastify";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { actingAs } from "@/lib/identity/context";
import { findApiKeyByToken } from "@/lib/identity/queries/find-api-key-by-token";
import { recordConversions } from "@/lib/tracking/commands/record-conversions";
import { conversionsInput, MAX_CONVERSIONS } from "@/lib/tracking/conversion";
import { problem } from "./problem";

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** `POST /api/v1/conversions`: orders from the customer's own server, with a key that carries `conversion.write`. */
export const conversionRoutes: FastifyPluginAsync<{ context: () => Promise<Context> }> = async (
  server,
  { context },
) => {
  server.post("/api/v1/conversions", { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const ctx = await context();
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const actor = token === undefined ? undefined : await findApiKeyByToken(ctx, { token });
    if (!actor) return problem(reply.code(401).header("www-authenticate", "Bearer"), 401, "unauthenticated");
    if (!may(actor, "conversion.write"))
      return problem(reply.code(403), 403, "forbidden", "the key lacks conversion.write");
    const input = conversionsInput.safeParse(request.body);
    if (!input.success) {
      return problem(
        reply.code(400),
        400,
        "invalid_input",
        `conversions: a list of 1 to ${MAX_CONVERSIONS} orders is expected`,
      );
    }
    const results = await recordConversions(actingAs(ctx, actor), input.data);
    const count = (status: string) => results.filter((result) => result.status === status).length;
    // Every order is answered for by itself: 200 means that the request was understood.
    return reply.send({
      accepted: count("accepted"),
      duplicates: count("duplicate"),
      refused: count("refused"),
      results,
    });
  });
};
