import type { FastifyInstance, FastifyReply } from "fastify";
import * as z from "zod";
import { plannedFault } from "./faults";
import type { SandboxParts } from "./sandbox-parts";
import { clockSetting, horizon, person, truthOf, world } from "./world";

const MAX_PEOPLE_BYTES = 64 * 1024 * 1024;

/** `/sandbox/*`: what only rehearsals, the demo and tests call; Meta has nothing like it. */
export function registerControlRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { engine, clock, people, journal } = parts;
  type Input = { Body: unknown };

  server.post<Input>("/sandbox/people", { bodyLimit: MAX_PEOPLE_BYTES }, async (request, reply) => {
    const read = z.array(person).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    await journal.append({ people: read.data });
    engine.addPeople(read.data);
    return { people: people.size };
  });

  /** Changes the given settings of the world and keeps the others. */
  server.patch<Input>("/sandbox/world", async (request, reply) => {
    const change = z.record(z.string(), z.unknown()).safeParse(request.body);
    if (!change.success) return refuse(reply, change.error);
    const read = world.strict().safeParse({ ...engine.world, ...change.data });
    if (!read.success) return refuse(reply, read.error);
    engine.world = read.data;
    parts.save();
    return engine.world;
  });
  server.get("/sandbox/world", async () => engine.world);

  server.post<Input>("/sandbox/clock", async (request, reply) => {
    const read = clockSetting.safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    clock.set(read.data);
    parts.save();
    return clock.setting();
  });
  server.get("/sandbox/clock", async () => clock.setting());

  server.post<Input>("/sandbox/open-horizon", async (request, reply) => {
    const read = horizon.safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    engine.openHorizon(read.data);
    parts.save();
    return engine.shop.horizon;
  });

  server.post<Input>("/sandbox/faults", async (request, reply) => {
    const read = z.array(plannedFault).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    for (const fault of read.data) parts.faults.add(fault);
    return { planned: read.data.length };
  });

  server.get("/sandbox/truth", async () => truthOf(engine.world));
  server.get("/sandbox/state", async () => stateOf(parts));

  server.get<{ Querystring: { to?: string } }>("/sandbox/messages", async (request) => {
    const to = request.query.to?.replace(/^\s/, "+"); // An unescaped plus in a query arrives as a space.
    const chosen = to === undefined ? [...people.all()] : [people.find(to)];
    return { messages: chosen.flatMap((one) => one?.received.map(({ message }) => message) ?? []) };
  });
}

/** Counts by which a caller knows that nothing is on its way any more. */
function stateOf({ engine, clock, people, deliveries, refusals }: SandboxParts) {
  const { events, purchases, nextEventAt } = engine.pending;
  const waiting = deliveries.pending();
  return {
    ...clock.setting(),
    people: people.size,
    accepted: engine.accepted,
    mostAcceptedByOnePerson: engine.mostAcceptedByOnePerson,
    refusals,
    counts: engine.counts,
    pending: { events, ...waiting, conversions: waiting.conversions + purchases },
    nextEventAt: nextEventAt === undefined ? null : new Date(nextEventAt).toISOString(),
    dropped: deliveries.dropped(),
  };
}

function refuse(reply: FastifyReply, error: z.ZodError) {
  return reply.code(422).send({ error: z.prettifyError(error) });
}
