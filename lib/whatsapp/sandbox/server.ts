import { randomBytes } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { parseJson } from "../graph";
import { WorldClock } from "./clock";
import { registerControlRoutes } from "./control-routes";
import { createDeliveries } from "./deliveries";
import { Engine } from "./engine";
import { FaultScript } from "./faults";
import { faultBody, invalidToken } from "./graph-errors";
import { registerGraphRoutes } from "./graph-routes";
import { Journal, type SandboxState } from "./journal";
import { People } from "./people";
import type { SandboxParts } from "./sandbox-parts";
import { registerSendRoute } from "./send-route";
import { TemplateShelf } from "./template-shelf";
import { TokenBucket } from "./token-bucket";
import { world } from "./world";

export interface SandboxOptions {
  /** 0 takes a free port. */
  port?: number;
  host?: string;
  /** Where templates, people, messages and settings are kept; without it they end with the process. */
  dataDir?: string;
  /** Of everybody's behaviour; ignored when the folder already holds a world. */
  seed?: number;
  /** Given by the installation's secrets; made up otherwise. Both win over what the folder holds. */
  appSecret?: string;
  token?: string;
  /** First settings of the world, see world.ts; more with `PATCH /sandbox/world`. */
  world?: unknown;
}

export interface RunningSandbox {
  url: string;
  token: string;
  wabaId: string;
  phoneNumberId: string;
  appId: string;
  appSecret: string;
  /** Stops within a second; what was not delivered yet is repeated after the next start with the same folder. */
  close: () => Promise<void>;
}

const SAVE_INTERVAL_MS = 1_000;

/** Serves the Cloud API with virtual recipients. Throws when the port is taken or the folder cannot be used. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const journal = new Journal(options.dataDir);
  const state = startState(journal.readState(), options);
  const { parts, settle } = assemble(state, journal);
  restore(parts, state.settledUntil);
  const server = buildServer(parts);
  const url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  parts.save();
  parts.engine.start();
  const saving = setInterval(settle, SAVE_INTERVAL_MS);

  const { token, wabaId, phoneNumberId, appId, appSecret } = state.account;
  return {
    ...{ url, token, wabaId, phoneNumberId, appId, appSecret },
    async close() {
      clearInterval(saving);
      parts.engine.stop();
      await server.close();
      settle();
      await parts.deliveries.close();
      parts.save();
    },
  };
}

function startState(kept: SandboxState | undefined, options: SandboxOptions): SandboxState {
  const account = {
    seed: options.seed ?? 1,
    token: options.token ?? `SANDBOX${randomBytes(24).toString("hex")}`,
    appSecret: options.appSecret ?? randomBytes(16).toString("hex"),
    appId: "100000000000009",
    wabaId: "900000000000001",
    phoneNumberId: "800000000000001",
    displayPhoneNumber: "+1 555-010-0100",
  };
  if (kept) {
    const given = {
      ...(options.token && { token: options.token }),
      ...(options.appSecret && { appSecret: options.appSecret }),
    };
    return { ...kept, account: { ...kept.account, ...given } };
  }
  return {
    account,
    world: world.parse(options.world ?? {}),
    clock: { appNow: new Date().toISOString(), speed: 1, realNow: Date.now() },
    templates: [],
    isSubscribed: true, // A fresh account's app is subscribed, so that the first rehearsal has its statuses.
    settledUntil: 0,
  };
}

function assemble(state: SandboxState, journal: Journal) {
  const { account } = state;
  const clock = new WorldClock(state.clock);
  const people = new People(account.seed);
  const shelf = new TemplateShelf(state.templates);
  const subscription = { isOn: state.isSubscribed };
  const deliveries = createDeliveries(account, {
    world: () => engine.world,
    isSubscribed: () => subscription.isOn,
    // Only a click id: what a restart would not know any more is on whose account a purchase goes.
    journal: (line) => void journal.append(line).catch(() => undefined),
  });
  const businessNumber = account.displayPhoneNumber.replace(/\D/g, "");
  const engine: Engine = new Engine(
    { seed: account.seed, businessNumber, clock, people, shelf, outlets: deliveries.outlets },
    state,
    () => deliveries.pending().webhooks,
  );
  let { settledUntil } = state;
  let settledCount = 0;
  const save = () =>
    journal.writeState({
      account,
      world: engine.world,
      clock: { ...clock.setting(), realNow: Date.now() },
      horizon: engine.shop.horizon,
      templates: shelf.all(),
      isSubscribed: subscription.isOn,
      settledUntil,
    });
  const parts: SandboxParts = {
    ...{ account, clock, people, shelf, engine, deliveries, journal, subscription, save },
    faults: new FaultScript(),
    throughput: new TokenBucket(),
    refusals: {},
  };
  /** Remembers how far everything has been taken by its receivers; only then may a restart leave it out. */
  const settle = () => {
    const { webhooks, visits, conversions } = deliveries.pending();
    if (webhooks + visits + conversions + engine.pending.purchases > 0) return;
    const isClockSetBack = engine.settledTime < settledUntil;
    if (engine.happened === settledCount && !isClockSetBack) return;
    settledCount = engine.happened;
    settledUntil = engine.settledTime;
    save();
  };
  return { parts, settle };
}

/** Reads people and messages back, and lets happen again what nobody may have heard of. */
function restore({ journal, engine, people, shelf }: SandboxParts, settledUntil: number) {
  for (const line of journal.readLines()) {
    if ("people" in line) engine.addPeople(line.people);
    else if ("message" in line) {
      engine.catchUp(Math.min(settledUntil, line.message.at));
      engine.accept(line.message);
    } else people.recallClick(line.click);
  }
  engine.catchUp(settledUntil);
  for (const template of shelf.all()) if (template.status === "PENDING") engine.planReview(template.id);
}

function buildServer(parts: SandboxParts): FastifyInstance {
  const server = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 300 } });
  // Clients name the type of a body even where they send none, as with DELETE.
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, undefined);
    const body = parseJson(text.toString());
    return body === undefined ? done(new MalformedBody()) : done(null, body);
  });
  const expected = `Bearer ${parts.account.token}`;
  server.addHook("onRequest", async (request, reply) => {
    const query = request.query;
    const inQuery =
      request.method === "GET" &&
      typeof query === "object" &&
      query !== null &&
      "access_token" in query &&
      query.access_token === parts.account.token;
    if (request.headers.authorization === expected || inQuery) return;
    return reply.code(invalidToken.status).send(faultBody(invalidToken));
  });
  server.addHook("preValidation", async (request, reply) => {
    const { version } = (request.params ?? {}) as { version?: string }; // Our own routes name it so.
    if (version === undefined || /^v\d+\.\d+$/.test(version)) return;
    return reply.code(400).send(unknownPath());
  });
  server.setNotFoundHandler((_request, reply) => reply.code(400).send(unknownPath()));
  server.setErrorHandler((error, _request, reply) => {
    const isTheirs = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
    const status = isTheirs ? 400 : 500;
    return reply.code(status).send(
      faultBody({
        status,
        code: isTheirs ? 100 : 1,
        message: isTheirs ? "(#100) Invalid parameter" : "An unknown error occurred",
      }),
    );
  });
  registerSendRoute(server, parts);
  registerGraphRoutes(server, parts);
  registerControlRoutes(server, parts);
  return server;
}

class MalformedBody extends Error {
  readonly statusCode = 400;
}

function unknownPath() {
  return faultBody({ status: 400, code: 2500, message: "Unknown path components" });
}
