import postgres from "postgres";
import type { Env } from "@/lib/foundation/env";
import { log } from "@/lib/foundation/log";
import type { Secrets } from "@/lib/foundation/secrets";
import { migrateKeystore } from "@/lib/keystore/keystore";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded";
import { DatabaseError, type DatabaseUrls, type Mode, provision, provisionKeystore, urlFor } from "./provision";
import { type Passwords, passwordsOn } from "./roles";

export interface Installation {
  /** One address per process, each as its own role; `keystore` is the key store's. */
  readonly urls: DatabaseUrls & { readonly keystore: string };
  readonly mode: Mode;
  /** Where the embedded clusters are; empty when the servers were given. */
  readonly folders: readonly string[];
  /** Stops what was started here: the embedded servers, or nothing. */
  stop(): Promise<void>;
}

type Where = Pick<Env, "DATABASE_URL" | "KEYSTORE_DATABASE_URL" | "DATA_DIR" | "INSTANCE_NAME" | "INSTANCE_MODE">;

const EMBEDDED_DATABASE = "contraste";

/**
 * The databases of this installation, provisioned and migrated. With DATABASE_URL that server, and nothing embedded;
 * without it two embedded clusters below DATA_DIR, because a backup of one cluster must not hold both the sealed data
 * and its keys.
 *
 * @throws Error whose message is one sentence with what to do
 */
export function openInstallation(env: Where, secrets: Secrets): Promise<Installation> {
  return env.DATABASE_URL ? openGiven(env, env.DATABASE_URL, secrets) : openEmbedded(env, secrets);
}

async function openEmbedded(env: Where, secrets: Secrets): Promise<Installation> {
  const { superuser: password, ...passwords } = secrets.databasePasswords;
  const servers: EmbeddedPostgres[] = [];
  const folders: string[] = [];
  const stop = async () => void (await Promise.all(servers.splice(0).map((server) => server.stop())));
  const start = async (name: string) => {
    const server = await startEmbeddedPostgres({ dataDir: env.DATA_DIR, name, password });
    servers.push(server);
    folders.push(server.folder);
    return server.url;
  };
  try {
    const mainUrl = await start("postgres");
    const keysUrl = env.KEYSTORE_DATABASE_URL ? undefined : await start("keystore");
    const [main, keystore] = await Promise.all([
      provision({ ...installed(env), adminUrl: mainUrl, database: EMBEDDED_DATABASE, passwords }),
      keysUrl
        ? provisionKeystore({ adminUrl: keysUrl, database: `${EMBEDDED_DATABASE}_keys`, passwords })
        : openGivenKeystore(env.KEYSTORE_DATABASE_URL ?? ""),
    ]);
    const { mode, ...urls } = main;
    return { urls: { ...urls, keystore }, mode, folders, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openGiven(env: Where, adminUrl: string, secrets: Secrets): Promise<Installation> {
  const database = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  if (!database) throw new DatabaseError("DATABASE_URL names no database; add one at its end, such as /contraste.");
  const passwords = passwordsOn(adminUrl, secrets.databasePasswords);
  const { mode, ...urls } = await provision({ ...installed(env), adminUrl, database, passwords });
  const keystore = env.KEYSTORE_DATABASE_URL
    ? await openGivenKeystore(env.KEYSTORE_DATABASE_URL)
    : await openKeystoreBeside(adminUrl, database, passwords);
  return { urls: { ...urls, keystore }, mode, folders: [], stop: async () => {} };
}

function openKeystoreBeside(adminUrl: string, database: string, passwords: Passwords): Promise<string> {
  log.warn("keystore.shares_the_server", {
    advice: "a physical backup then holds data and keys together; set KEYSTORE_DATABASE_URL to a second server",
  });
  return provisionKeystore({ adminUrl, database: `${database}_keys`, passwords });
}

/** A key store of the customer's: its user owns the database, which is made when it is missing. */
async function openGivenKeystore(url: string): Promise<string> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  if (!database) throw new DatabaseError("KEYSTORE_DATABASE_URL names no database; add one at its end.");
  try {
    await migrateKeystore(url).catch(async (error) => {
      if (!(error instanceof postgres.PostgresError) || error.code !== "3D000") throw error;
      const maintenance = postgres(urlFor(url, "postgres"), { max: 1 });
      await maintenance`create database ${maintenance(database)}`.finally(() => maintenance.end());
      await migrateKeystore(url);
    });
    return url;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(`KEYSTORE_DATABASE_URL cannot be used: ${reason.replace(/\.$/, "")}.`, { cause: error });
  }
}

function installed(env: Where): { name: string; mode?: Mode } {
  return { name: env.INSTANCE_NAME, ...(env.INSTANCE_MODE ? { mode: env.INSTANCE_MODE } : {}) };
}
