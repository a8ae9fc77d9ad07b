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
    await openAllHours(urlFor(adminUrl, `${prefix}_main`));
    await provisionKeystore({ adminUrl, database: `${prefix}_keys`, passwords });
    project.provide("testServer", { adminUrl, prefix, passwords });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Rules of sending under which everything is open at every hour, so that what a test finds does not depend on when it
 * runs. Version 0: a test that brings rules of its own has them in force.
 */
async function openAllHours(url: string): Promise<void> {
  const database = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await database.unsafe(`
      with version as (
        insert into policy_versions (id, number, rules, note, proposed_at, effective_at, decision, decided_at)
        values (gen_random_uuid(), 0, '${JSON.stringify(OPEN_RULES)}', 'open at every hour', '2000-01-01', '1960-01-01', 'approved',
          '2000-01-01') returning id
      ), country as (
        insert into policy_countries (version_id, country, closes_on_holidays, per_day, per_week, blocked_categories)
        select id, 'DEFAULT', false, 100, 500, '{}' from version
      ), zone as (
        insert into policy_zones (version_id, country, zone) select id, 'DEFAULT', 'UTC' from version
      )
      insert into policy_windows (version_id, country, weekday, opens, closes)
      select id, 'DEFAULT', day, '00:00', '24:00' from version, generate_series(1, 7) as day`);
  } finally {
    await database.end();
  }
}

const OPEN_DAY = [["00:00", "24:00"]];
const OPEN_RULES = {
  rules: {
    DEFAULT: {
      days: Object.fromEntries(["1", "2", "3", "4", "5", "6", "7"].map((day) => [day, OPEN_DAY])),
      holidays: false,
      perDay: 100,
      perWeek: 500,
      basis: "tests",
    },
  },
  zones: { DEFAULT: ["UTC"] },
  holidays: {},
};

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
