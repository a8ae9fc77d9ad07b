import { randomBytes } from "node:crypto";
import { countAccepted } from "./accept-message";
import { accountState } from "./account-state";
import { WorldClock } from "./clock";
import { createDeliveries } from "./deliveries";
import { Engine } from "./engine";
import { FaultScript } from "./faults";
import { buildServer } from "./http-server";
import { Journal, type SandboxState } from "./journal";
import { MediaStore } from "./media-store";
import { People } from "./people";
import type { SandboxParts } from "./sandbox-parts";
import { SendLimits } from "./send-limits";
import type { Happening } from "./teller";
import { TemplateLife } from "./template-life";
import { TemplateShelf } from "./template-shelf";
import { Traffic } from "./traffic";
import { UploadSessions } from "./upload-sessions";
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
  /** Another account than the first, for whoever has to tell two sandboxes apart; ignored when the folder holds a world. */
  account?: SandboxAccount;
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

export interface SandboxAccount {
  wabaId: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
}

/** The account of the sandbox that belongs to an installation. */
const FIRST_ACCOUNT: SandboxAccount = {
  wabaId: "900000000000001",
  phoneNumberId: "800000000000001",
  displayPhoneNumber: "+1 555-010-0100",
};

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
    ...(options.account ?? FIRST_ACCOUNT),
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
    blockedNames: [],
    media: [],
    handles: [],
    accountState: accountState.parse({}),
    isSubscribed: true, // A fresh account's app is subscribed, so that the first rehearsal has its statuses.
    settledUntil: 0,
  };
}

function assemble(state: SandboxState, journal: Journal) {
  const { account, accountState } = state;
  const clock = new WorldClock(state.clock);
  const now = () => clock.now();
  const people = new People(account.seed);
  const uploads = new UploadSessions(state.handles);
  const media = new MediaStore(journal.folderFor("media"), state.media, now);
  const traffic = new Traffic(() => engine.world.api.rates);
  const shelf = new TemplateShelf(
    { templates: state.templates, blocked: state.blockedNames },
    {
      now,
      settings: () => engine.world.api.templates,
      hasHandle: (handle) => uploads.has(handle),
      underWay: (templateId) => traffic.underWay(templateId),
    },
  );
  const subscription = { isOn: state.isSubscribed };
  const faults = new FaultScript(account.seed, now);
  const deliveries = createDeliveries(account, {
    ...{ now, faults },
    world: () => engine.world,
    isSubscribed: () => subscription.isOn,
    // Only a click id: what a restart would not know any more is on whose account a purchase goes.
    journal: (line) => void journal.append(line).catch(() => undefined),
  });
  const watch = (happening: Happening) => {
    traffic.record(happening);
    life.watch(happening);
  };
  const engine: Engine = new Engine(
    { account, clock, people, outlets: deliveries.outlets, media, watch },
    state,
    () => deliveries.pending().webhooks,
  );
  let { settledUntil } = state;
  let settledCount = 0;
  const save = () =>
    journal.writeState({
      account,
      accountState,
      world: engine.world,
      clock: { ...clock.setting(), realNow: Date.now() },
      horizon: engine.shop.horizon,
      templates: shelf.all(),
      blockedNames: shelf.blocked,
      media: media.all(),
      handles: uploads.allHandles(),
      isSubscribed: subscription.isOn,
      settledUntil,
    });
  const life: TemplateLife = new TemplateLife({
    ...{ shelf, traffic, now, save, engine: () => engine },
    keepHeld: (held) => journal.append({ held }),
    letGo: (message) => {
      countAccepted(message, parts);
      // Nobody waits for it: without this line it is still held after a restart, and let go again.
      void journal.append({ message }).catch(() => undefined);
    },
  });
  const parts: SandboxParts = {
    ...{ account, accountState, clock, people, shelf, life, media, uploads, traffic, engine },
    ...{ deliveries, journal, subscription, faults, save },
    limits: new SendLimits(),
    refusals: {},
  };
  /** Remembers how far everything has been taken by its receivers; only then may a restart leave it out. */
  const settle = () => {
    const { webhooks, visits, conversions } = deliveries.pending();
    if (webhooks + visits + conversions + engine.pending.purchases > 0 || journal.isBusy) return;
    const isClockSetBack = engine.settledTime < settledUntil;
    if (engine.happened === settledCount && !isClockSetBack) return;
    settledCount = engine.happened;
    settledUntil = engine.settledTime;
    save();
  };
  return { parts, settle };
}

/** Reads people and messages back, and lets happen again what nobody may have heard of. */
function restore(parts: SandboxParts, settledUntil: number) {
  const { accountState, journal, engine, people, life } = parts;
  for (const line of journal.readLines()) {
    if ("people" in line) engine.addPeople(line.people);
    else if ("held" in line) life.pacing.park(line.held);
    else if ("message" in line) {
      const { message } = line;
      engine.catchUp(Math.min(settledUntil, message.at));
      life.pacing.unpark(message);
      countAccepted(message, parts);
    } else if ("act" in line) {
      const { phone, at, do: what } = line.act;
      engine.catchUp(Math.min(settledUntil, at));
      engine.act(people.meet(phone), what, { at, isPast: at <= settledUntil });
    } else people.recallClick(line.click);
  }
  engine.catchUp(settledUntil);
  for (const phone of accountState.blocked) people.meet(phone).isBlockedByBusiness = true;
  life.resume();
}
