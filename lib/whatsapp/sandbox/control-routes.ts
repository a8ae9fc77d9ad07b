import type { FastifyInstance, FastifyReply } from "fastify";
import * as z from "zod";
import { plannedAct } from "./act-shapes";
import { messagingLimits } from "./api-settings";
import { plannedFault } from "./faults";
import { performAct } from "./perform-act";
import type { SandboxParts } from "./sandbox-parts";
import { truthOf } from "./truth";
import { clockSetting, horizon, person, type World, world } from "./world";

const MAX_PEOPLE_BYTES = 64 * 1024 * 1024;

const step = z.strictObject({
  seconds: z
    .number()
    .positive()
    .max(90 * 24 * 3_600),
});
const change = z.strictObject({ field: z.string().regex(/^[a-z_]+$/), value: z.record(z.string(), z.unknown()) });

type Input = { Body: unknown };

/** `/sandbox/*`: what only rehearsals, the demo and tests call; Meta has nothing like it. */
export function registerControlRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { engine, people, journal } = parts;
  registerClockRoutes(server, parts);
  registerFaultRoutes(server, parts);

  server.post<Input>("/sandbox/people", { bodyLimit: MAX_PEOPLE_BYTES }, async (request, reply) => {
    const read = z.array(person).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    await journal.append({ people: read.data });
    engine.addPeople(read.data);
    return { people: people.size };
  });

  /** Changes the given settings of the world and keeps the others. */
  server.patch<Input>("/sandbox/world", async (request, reply) => {
    const given = z.record(z.string(), z.unknown()).safeParse(request.body);
    if (!given.success) return refuse(reply, given.error);
    const read = world.strict().safeParse({ ...engine.world, ...given.data });
    if (!read.success) return refuse(reply, read.error);
    const before = engine.world.api.messagingLimit;
    engine.world = read.data;
    tellLimit(before, parts);
    parts.save();
    return engine.world;
  });
  server.get("/sandbox/world", async () => engine.world);

  server.post<Input>("/sandbox/open-horizon", async (request, reply) => {
    const read = horizon.safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    engine.openHorizon(read.data);
    parts.save();
    return engine.shop.horizon;
  });

  /** Lets people do things: at once, or at a world time (which a restart forgets). */
  server.post<Input>("/sandbox/acts", async (request, reply) => {
    const read = z.array(plannedAct).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    const refused: { phone: string; why: string }[] = [];
    for (const { phone, at, do: what } of read.data) {
      if (at !== undefined) engine.plan(Date.parse(at), () => void performAct(parts, phone, what));
      else {
        const why = await performAct(parts, phone, what);
        if (why) refused.push({ phone, why });
      }
    }
    return refused.length > 0 ? reply.code(409).send({ refused }) : { done: read.data.length };
  });

  /** Emits webhook changes of the account's fields, with their values as Meta writes them. */
  server.post<Input>("/sandbox/changes", async (request, reply) => {
    const read = z.array(change).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    for (const one of read.data) engine.emitChange(one);
    return { emitted: read.data.length };
  });

  server.get("/sandbox/truth", async () =>
    truthOf(
      engine.world,
      [...people.all()].filter((one) => one.belongsToWorld),
    ),
  );
  server.get("/sandbox/state", async () => stateOf(parts));

  server.get<{ Querystring: { to?: string } }>("/sandbox/messages", async (request) => {
    const to = request.query.to?.replace(/^\s/, "+"); // An unescaped plus in a query arrives as a space.
    const chosen = to === undefined ? [...people.all()] : [people.find(to)];
    return { messages: chosen.flatMap((one) => one?.received.map(({ message }) => message) ?? []) };
  });
}

function registerClockRoutes(server: FastifyInstance, { clock, save }: SandboxParts) {
  server.post<Input>("/sandbox/clock", async (request, reply) => {
    const read = clockSetting.safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    clock.set(read.data);
    save();
    return clock.setting();
  });
  server.post<Input>("/sandbox/clock/step", async (request, reply) => {
    const read = step.safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    clock.step(read.data.seconds * 1_000);
    save();
    return clock.setting();
  });
  server.get("/sandbox/clock", async () => clock.setting());
}

function registerFaultRoutes(server: FastifyInstance, { faults }: SandboxParts) {
  server.post<Input>("/sandbox/faults", async (request, reply) => {
    const read = z.array(plannedFault).safeParse(request.body);
    if (!read.success) return refuse(reply, read.error);
    for (const fault of read.data) faults.add(fault);
    return { planned: read.data.length };
  });
  server.get("/sandbox/faults", async () => faults.all());
  server.delete("/sandbox/faults", async () => {
    faults.clear();
    return { planned: 0 };
  });
}

/** Meta tells the account when it may write to more people, or to fewer. */
function tellLimit(before: World["api"]["messagingLimit"], { engine }: SandboxParts) {
  const { messagingLimit } = engine.world.api;
  if (messagingLimit === before) return;
  const most = messagingLimits[messagingLimit];
  const value = {
    max_daily_conversations_per_business: Number.isFinite(most) ? most : -1,
    max_phone_numbers_per_waba: 25,
  };
  engine.emitChange({ field: "business_capability_update", value });
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
