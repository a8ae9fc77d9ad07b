import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { inject } from "vitest";
import { type Connection, connect, type Db } from "@/db/client";
import { newSigningKey, type Secrets } from "@/lib/foundation/secrets";
import { type Actor, systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { type Keystore, openKeystore } from "@/lib/keystore/keystore";
import { urlFor } from "../provision";
import { KEYS_ROLE, LOGIN_ROLES } from "../roles";
import type {} from "./global-setup";

type Role = keyof typeof LOGIN_ROLES;

export interface TestDatabase {
  /** As the owner, who may do everything: for arranging and for looking. */
  readonly db: Db;
  /** As a process sees it: with that role's grants and nothing more. One pool per role. */
  as(role: Role): Db;
  /** Address of the database as the owner. */
  readonly url: string;
  /** Addresses as each role, and of the key store. */
  readonly urls: Readonly<Record<Role | "keystore", string>>;
  readonly keystore: Keystore;
  /** Secrets of this file alone. */
  readonly secrets: Secrets;
  /** A context for commands and queries: the worker's, unless told; owner's grants; real time, unless `now` is given. */
  context(actor?: Actor, overrides?: Partial<Pick<Context, "now" | "db">>): Context;
  /** Drops everything; fails when the test left a connection open. */
  close(): Promise<void>;
}

const CONNECTIONS_PER_ROLE = 8;

/** A migrated sandbox database and key store of this file's own, cloned from the run's templates. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl, prefix, passwords } = inject("testServer");
  const own = `${prefix}_${randomBytes(5).toString("hex")}`;
  const names = { main: `${own}_main`, keys: `${own}_keys` };
  await withAdmin(adminUrl, async (admin) => {
    await clone(admin, { from: `${prefix}_main`, to: names.main, owner: LOGIN_ROLES.owner });
    await clone(admin, { from: `${prefix}_keys`, to: names.keys, owner: KEYS_ROLE });
  });
  const address = (role: Role) => urlFor(adminUrl, names.main, { user: LOGIN_ROLES[role], password: passwords[role] });
  const urls = {
    owner: address("owner"),
    console: address("console"),
    ingress: address("ingress"),
    worker: address("worker"),
    keystore: urlFor(adminUrl, names.keys, { user: KEYS_ROLE, password: passwords.keys }),
  };
  const secrets = testSecrets(passwords);
  const keystore = openKeystore(urls.keystore, secrets.keyEncryptionKey);
  const connections = new Map<Role, Connection>();
  const as = (role: Role): Db => {
    const connection = connections.get(role) ?? connect(urls[role], { max: CONNECTIONS_PER_ROLE, role });
    connections.set(role, connection);
    return connection.db;
  };
  return {
    db: as("owner"),
    as,
    url: urls.owner,
    urls,
    keystore,
    secrets,
    context: (actor = systemActor("worker"), { now = () => new Date(), db = as("owner") } = {}) => ({
      actor,
      now,
      db,
      keys: keystore,
      secrets,
    }),
    async close() {
      await Promise.all([keystore.close(), ...[...connections.values()].map((connection) => connection.close())]);
      await withAdmin(adminUrl, async (admin) => {
        const left = await connectionsLeft(admin, [names.main, names.keys]);
        for (const name of Object.values(names)) await admin`drop database if exists ${admin(name)} with (force)`;
        if (left.length > 0) throw new Error(`The test left connections open: ${left.join(", ")}`);
      });
    },
  };
}

async function withAdmin<T>(adminUrl: string, work: (admin: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = postgres(urlFor(adminUrl, "postgres"), { max: 1, onnotice: () => {} });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

async function clone(
  admin: postgres.Sql,
  { from, to, owner }: { from: string; to: string; owner: string },
): Promise<void> {
  await admin`create database ${admin(to)} template ${admin(from)} owner ${admin(owner)}`;
}

/** Who is still connected. A server process ends a moment after its client has gone, so it is asked more than once. */
async function connectionsLeft(admin: postgres.Sql, databases: string[]): Promise<string[]> {
  let left: string[] = [];
  for (let asked = 0; asked < 50; asked++) {
    const rows = await admin<{ who: string }[]>`
      select usename || ' (' || application_name || ', ' || coalesce(state, '?') || ')' as who from pg_stat_activity
      where datname = any(${databases}) and backend_type = 'client backend'`;
    left = rows.map(({ who }) => who);
    if (left.length === 0) break;
    await pause(20);
  }
  return left;
}

function testSecrets(passwords: Omit<Secrets["databasePasswords"], "superuser">): Secrets {
  return {
    sessionSecret: randomBytes(32).toString("hex"),
    keyEncryptionKey: randomBytes(32),
    lookupKey: randomBytes(32),
    linkKey: randomBytes(32),
    logSigningKey: newSigningKey(),
    sandboxAppSecret: randomBytes(32).toString("hex"),
    databasePasswords: { superuser: "", ...passwords },
  };
}
