import { EnvError, readEnv } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { type Actor, systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime, type Runtime } from "@/lib/identity/runtime";

/** What the console process keeps: one pool, one key store, one clock, and how its sessions are made. */
export interface ConsoleRuntime extends Runtime {
  readonly sessionSecret: string;
  /** Where people reach the console, without a slash at the end. */
  readonly consoleUrl: string;
  /** Where tracked links, webhooks and the like are reached from outside, without a slash at the end. */
  readonly publicBaseUrl: string;
  /** The sandbox's phones, which it shows on this machine only; undefined where the console is reached from elsewhere. */
  readonly phonesUrl: string | undefined;
}

/** Next bundles this file more than once (pages, actions, routes): the one runtime hangs on the process itself. */
declare global {
  var contrasteConsole: Promise<ConsoleRuntime> | undefined;
}

/** The runtime of this process, opened at the first request. A failed opening is tried again by the next. */
export function consoleRuntime(): Promise<ConsoleRuntime> {
  globalThis.contrasteConsole ??= open().catch((error: unknown) => {
    globalThis.contrasteConsole = undefined;
    throw error;
  });
  return globalThis.contrasteConsole;
}

/** A context of this process for an actor who has already been identified. */
export async function contextFor(actor: Actor): Promise<Context> {
  return (await consoleRuntime()).contextFor(actor);
}

/** The sign-in desk: what happens before anybody is signed in. */
export function deskContext(): Promise<Context> {
  return contextFor(systemActor("console"));
}

async function open(): Promise<ConsoleRuntime> {
  const env = readEnv();
  const { DATABASE_URL: databaseUrl, KEYSTORE_DATABASE_URL: keystoreUrl } = env;
  if (!databaseUrl || !keystoreUrl) {
    throw new EnvError(["DATABASE_URL and KEYSTORE_DATABASE_URL are both needed by the console; npm start sets them"]);
  }
  const secrets = loadSecrets(env.DATA_DIR, env);
  const runtime = await openRuntime({ databaseUrl, keystoreUrl, role: "console", secrets });
  return {
    ...runtime,
    sessionSecret: secrets.sessionSecret,
    consoleUrl: env.CONSOLE_URL,
    publicBaseUrl: env.PUBLIC_BASE_URL,
    phonesUrl: isThisMachine(env.CONSOLE_URL) ? `http://127.0.0.1:${env.SANDBOX_PORT}/sandbox/phones` : undefined,
  };
}

/**
 * Where everybody reaches the public pages, which the console serves: behind the one public address where the organisation has
 * one (its proxy passes `/forms` and `/preferences` on), else the console itself.
 */
export function publicPagesUrl({ publicBaseUrl, consoleUrl }: ConsoleRuntime): string {
  return isThisMachine(publicBaseUrl) ? consoleUrl : publicBaseUrl;
}

function isThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
