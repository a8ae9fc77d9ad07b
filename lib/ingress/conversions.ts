import { createHash } from "node:crypto";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { type AppError, isAppError } from "@/lib/foundation/errors";
import { may } from "@/lib/identity/authorize";
import { admitProgram } from "@/lib/identity/commands/admit-program";
import { type Answer, answerOnce } from "@/lib/identity/commands/answer-once";
import { actingAs, type Context } from "@/lib/identity/context";
import { findApiKeyByToken } from "@/lib/identity/queries/find-api-key-by-token";
import { recordConversions } from "@/lib/tracking/commands/record-conversions";
import { conversionsInput, MAX_CONVERSIONS } from "@/lib/tracking/conversion";
import { problem } from "./problem";

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * `POST /api/v1/conversions`: orders from the customer's own server, with a key that carries `conversion.write`. As every write
 * of `/api/v1` it names itself with `Idempotency-Key`: the same again gets the first answer again, for a day.
 */
export const conversionRoutes: FastifyPluginAsync<{ context: () => Promise<Context> }> = async (
  server,
  { context },
) => {
  server.post("/api/v1/conversions", { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const ctx = await context();
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const actor = token === undefined ? undefined : await findApiKeyByToken(ctx, { token });
    if (!actor) return problem(reply.code(401).header("www-authenticate", "Bearer"), 401, "unauthenticated");
    const { keyId } = actor;
    try {
      await admitProgram(ctx, { keyId });
      if (!may(actor, "conversion.write"))
        return problem(reply.code(403), 403, "forbidden", "the key lacks conversion.write");
      const idempotencyKey = request.headers["idempotency-key"];
      if (typeof idempotencyKey !== "string" || !IDEMPOTENCY_KEY.test(idempotencyKey))
        return problem(reply.code(422), 422, "invalid_input", "Idempotency-Key names each request");
      const input = conversionsInput.safeParse(request.body);
      if (!input.success)
        return problem(reply.code(400), 400, "invalid_input", `conversions: a list of 1 to ${MAX_CONVERSIONS} orders`);
      const requestHash = createHash("sha256")
        .update(`POST\0${request.url}\0${JSON.stringify(request.body)}`)
        .digest();
      const once = await answerOnce(ctx, { keyId, idempotencyKey, requestHash }, (tx) =>
        record(actingAs(tx, actor), input.data),
      );
      if (once.isRepeat) reply.header("idempotent-replayed", "true");
      return reply.code(once.status).type("application/json").send(once.body);
    } catch (error) {
      if (isAppError(error)) return refusal(reply, error);
      throw error;
    }
  });
};

/** Every order is answered for by itself: 200 means that the request was understood. */
async function record(ctx: Context, input: { conversions: readonly unknown[] }): Promise<Answer> {
  const results = await recordConversions(ctx, input);
  const count = (status: string) => results.filter((result) => result.status === status).length;
  const counts = { accepted: count("accepted"), duplicates: count("duplicate"), refused: count("refused") };
  return { status: 200, body: JSON.stringify({ ...counts, results }) };
}

function refusal(reply: FastifyReply, { code, params }: AppError): unknown {
  if (code === "too_many_requests")
    return problem(reply.code(429).header("retry-after", String(params.retryAfterSeconds ?? 1)), 429, code);
  const status = code === "idempotency_key_reused" ? 422 : 409;
  return problem(reply.code(status), status, code);
}
