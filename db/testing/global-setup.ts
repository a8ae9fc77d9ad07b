import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../embedded";
import { provision, provisionKeystore, urlFor } from "../provision";
import { type Passwords, passwordsOn } from "../roles";

/** What every test file needs to make its own databases. Strings only: it crosses to the workers. */
export interface TestServer {
  readonly adminUrl: string;
  /** Prefix of this run's databases. */
  readonly prefix: string;
  readonly passwords: Passwords;
}

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * One server for the whole run: the one in TEST_DATABASE_URL, or an embedded one in a temporary folder. It gets a
 * migrated template database and a template key store, which each file clones (`testDatabase()`).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL ? givenServer(process.env.TEST_DATABASE_URL) : await ownServer();
  const prefix = `contraste_test_${randomBytes(4).toString("hex")}`;
  const { adminUrl, passwords } = server;
  const close = async () => {
    await dropAll(adminUrl, prefix);
    await server.stop();
  };
  try {
    await provision({ adminUrl, database: `${prefix}_main`, passwords, mode: "sandbox", name: "test.contraste.local" });
    await provisionKeystore({ adminUrl, database: `${prefix}_keys`, passwords });
    project.provide("testServer", { adminUrl, prefix, passwords });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

interface Server {
  readonly adminUrl: string;
  readonly passwords: Passwords;
  stop(): Promise<void>;
}

function givenServer(adminUrl: string): Server {
  return { adminUrl, passwords: passwordsOn(adminUrl, randomPasswords()), stop: async () => {} };
}

async function ownServer(): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), "contraste-test-"));
  chmodSync(dataDir, 0o711); // root's server runs as another user, who has to pass through
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const password = randomBytes(16).toString("hex");
    const server = await startEmbeddedPostgres({ dataDir, name: "postgres", password, durable: false });
    const stop = async () => {
      await server.stop();
      rmSync(server.folder, { recursive: true, force: true }); // may lie outside dataDir
      remove();
    };
    return { adminUrl: server.url, passwords: passwordsOn(server.url, randomPasswords()), stop };
  } catch (error) {
    remove();
    throw error;
  }
}

function randomPasswords(): Passwords {
  const password = () => randomBytes(16).toString("hex");
  return { owner: password(), console: password(), ingress: password(), worker: password(), keys: password() };
}

async function dropAll(adminUrl: string, prefix: string): Promise<void> {
  const admin = postgres(urlFor(adminUrl, "postgres"), { max: 1, onnotice: () => {} });
  try {
    const left = await admin<
      { name: string }[]
    >`select datname as name from pg_database where starts_with(datname, ${prefix})`;
    for (const { name } of left) await admin`drop database if exists ${admin(name)} with (force)`;
  } finally {
    await admin.end();
  }
}
