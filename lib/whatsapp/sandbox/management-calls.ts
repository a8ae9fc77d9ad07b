import type { FastifyInstance } from "fastify";
import { fault, faultBody } from "./graph-errors";
import type { SandboxParts } from "./sandbox-parts";

const HOUR_MS = 60 * 60_000;
/** Sends and media have limits of their own; what rehearsals call has none. */
const UNCOUNTED = /^\/sandbox|^\/whatsapp_business\/|\/(messages|marketing_messages|media)(\?|$)/;

/** Counts management calls an hour of world time, and says in every answer how much of it is used up. */
export function registerManagementLimit(server: FastifyInstance, { account, engine, clock }: SandboxParts) {
  let begunAt = 0;
  let calls = 0;
  server.addHook("preHandler", async (request, reply) => {
    if (UNCOUNTED.test(request.url)) return;
    const now = clock.now();
    if (now < begunAt || now - begunAt >= HOUR_MS) {
      begunAt = now;
      calls = 0;
    }
    calls++;
    const { managementCallsPerHour: most } = engine.world.api;
    const usage = {
      type: "whatsapp",
      call_count: Math.min(100, Math.round((100 * calls) / most)),
      ...{ total_cputime: 0, total_time: 0 },
      estimated_time_to_regain_access: calls > most ? Math.ceil((begunAt + HOUR_MS - now) / 60_000) : 0,
    };
    reply.header("x-business-use-case-usage", JSON.stringify({ [account.wabaId]: [usage] }));
    if (calls > most) return reply.code(400).send(faultBody(fault(80007)));
  });
}
