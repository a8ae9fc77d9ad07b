import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Act } from "@/lib/whatsapp/sandbox/act-shapes";
import type { AcceptedMessage } from "@/lib/whatsapp/sandbox/journal";
import type { Planned } from "./scenes";

/** `colleague`: a second compliance officer, for what takes two of them. */
export type Role = "owner" | "marketer" | "approver" | "compliance" | "executive" | "colleague";

export interface Person {
  role: Role;
  name: string;
  email: string;
  password: string;
}

/** What a person copies from their app at Meta: here, of a sandbox that no product knows yet. */
export interface MetaApp {
  baseUrl: string;
  wabaId: string;
  phoneNumberId: string;
  appId: string;
  token: string;
  appSecret: string;
}

/** What a journey may ask of the world: to know people, to let time pass, to have a measured campaign, another account. */
type Wish =
  | { do: "meet"; phones: string[] }
  | { do: "pass"; hours: number }
  | { do: "campaign" }
  | { do: "account" }
  | { do: "write"; phone: string; text: string }
  | { do: "picture"; phone: string; caption: string }
  | { do: "fail"; inbound: boolean }
  | { do: "recipients" }
  | { do: "form"; slug: string }
  | ({ do: "launch" } & Planned)
  | { do: "act"; phone: string; what: Act }
  | { do: "phone" | "standing" | "preferences"; phone: string };
export type Order = Wish & { id: number };

export interface Answer {
  phone?: string;
  phones?: string[];
  purposeId?: string;
  path?: string;
  status?: string | undefined;
  received?: AcceptedMessage[];
  app?: MetaApp;
}
interface Reply extends Answer {
  id: number;
  error?: string;
}

export interface JourneyWorld {
  consoleUrl: string;
  person(role: Role): Person;
  /** Virtual people behind these numbers (E.164): they receive, read, click and buy. */
  meet(phones: string[]): Promise<void>;
  /** Hurries both clocks, until what people do in these hours has arrived. */
  letHoursPass(hours: number): Promise<void>;
  /** «Rebajas de otoño», sent to a few hundred people and measured; made at the first call. */
  haveMeasuredCampaign(): Promise<{ phoneOfRecipient: string }>;
  /** An account at Meta that is not connected: a sandbox of its own, made at the first call. */
  accountAtMeta(): Promise<MetaApp>;
  /** Somebody writes to the number of that account. */
  write(phone: string, text: string): Promise<void>;
  /** Somebody sends a picture to that number. */
  sendPicture(phone: string, caption: string): Promise<void>;
  /** From now on texts of people cannot be kept, or can again: what a fault in the product does to a webhook. */
  failInbound(fails: boolean): Promise<void>;
  /** Numbers of people to whom the measured campaign went and whose consent stands. */
  recipients(): Promise<string[]>;
  /** A form under this address, for a purpose («Novedades») whose yes is confirmed over WhatsApp. */
  haveForm(slug: string): Promise<{ purposeId: string }>;
  /** Approved by a second person and launched; planned when it answers, unless it starts in some days. Answers its path. */
  launch(campaign: Planned): Promise<string>;
  /** What somebody does with the phone behind this number. */
  act(phone: string, what: Act): Promise<void>;
  /** How their consent stands: `granted` where anything is. */
  standing(phone: string): Promise<string | undefined>;
  /** Where they decide what they get. */
  preferencesOf(phone: string): Promise<string>;
  /** What came to that phone, the newest last. */
  phone(phone: string): Promise<AcceptedMessage[]>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 600_000; // with the production build, when there is none

/** Starts a built product with a fresh sandbox, in a process of its own. */
export async function startJourneyWorld(): Promise<JourneyWorld> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/support/world-process.ts"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { consoleUrl, people } = (await firstMessage(child)) as { consoleUrl: string; people: Person[] }; // world-process.ts
  const waiting = new Map<number, (reply: Reply) => void>();
  child.on("message", (reply: Reply) => waiting.get(reply.id)?.(reply));
  let lastId = 0;
  const ask = (wish: Wish) =>
    new Promise<Reply>((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, (reply) => (reply.error === undefined ? resolve(reply) : reject(new Error(reply.error))));
      child.send({ id: lastId, ...wish });
    });
  let measured: Promise<Reply> | undefined;
  return {
    consoleUrl,
    person: (role) => {
      const found = people.find((one) => one.role === role);
      if (!found) throw new Error(`the world has no ${role}`);
      return found;
    },
    meet: async (phones) => void (await ask({ do: "meet", phones })),
    letHoursPass: async (hours) => void (await ask({ do: "pass", hours })),
    haveMeasuredCampaign: async () => {
      measured ??= ask({ do: "campaign" });
      return { phoneOfRecipient: (await measured).phone ?? "" };
    },
    accountAtMeta: async () => {
      const { app } = await ask({ do: "account" });
      if (!app) throw new Error("the world has no account");
      return app;
    },
    write: async (phone, text) => void (await ask({ do: "write", phone, text })),
    sendPicture: async (phone, caption) => void (await ask({ do: "picture", phone, caption })),
    failInbound: async (fails) => void (await ask({ do: "fail", inbound: fails })),
    recipients: async () => (await ask({ do: "recipients" })).phones ?? [],
    haveForm: async (slug) => ({ purposeId: (await ask({ do: "form", slug })).purposeId ?? "" }),
    launch: async (campaign) => (await ask({ do: "launch", ...campaign })).path ?? "",
    act: async (phone, what) => void (await ask({ do: "act", phone, what })),
    standing: async (phone) => (await ask({ do: "standing", phone })).status,
    preferencesOf: async (phone) => (await ask({ do: "preferences", phone })).path ?? "",
    phone: async (phone) => (await ask({ do: "phone", phone })).received ?? [],
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function firstMessage(child: ChildProcess): Promise<unknown> {
  const limit = setTimeout(() => child.kill("SIGTERM"), START_LIMIT_MS);
  try {
    return await Promise.race([
      once(child, "message").then(([message]) => message),
      once(child, "exit").then(([code]) => {
        throw new Error(`the product for the journeys did not start (code ${code}); its reason stands above`);
      }),
    ]);
  } finally {
    clearTimeout(limit);
  }
}
