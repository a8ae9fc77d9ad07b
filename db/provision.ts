import postgres from "postgres";
import { migrateKeystore } from "@/lib/keystore/keystore";
import { migrateDatabase } from "./migrate";
import { ensureKeysRole, ensureRoles, KEYS_ROLE, LOGIN_ROLES, type Passwords } from "./roles";

export type Mode = "sandbox" | "live";

export interface DatabaseUrls {
  /** Owns the tables and migrates; no running process uses it. */
  readonly owner: string;
  readonly console: string;
  readonly ingress: string;
  readonly worker: string;
}

export interface Provisioning {
  /** Somebody who may create roles and databases. */
  readonly adminUrl: string;
  readonly database: string;
  readonly passwords: Passwords;
  /** What a new database becomes. Left out: sandbox, or whatever an existing one is. */
  readonly mode?: Mode;
  /** Name of the installation; origin of its log. */
  readonly name: string;
}

const OLDEST_SERVER = 15;
/** One provisioning at a time on a server: roles and databases are shared by all of it. */
const LOCK = 0x636f6e74; // "cont"
const CONNECT_TIMEOUT_SECONDS = 10;

/**
 * Makes a database ready: roles, the database itself, newest schema, mark. Safe to repeat and to run twice at once.
 *
 * @throws Error with one sentence: server unreachable, too old, not allowed, or a database of the other mode
 */
export async function provision(options: Provisioning): Promise<DatabaseUrls & { mode: Mode }> {
  const { adminUrl, database, passwords } = options;
  const urls = {
    owner: urlFor(adminUrl, database, { user: LOGIN_ROLES.owner, password: passwords.owner }),
    console: urlFor(adminUrl, database, { user: LOGIN_ROLES.console, password: passwords.console }),
    ingress: urlFor(adminUrl, database, { user: LOGIN_ROLES.ingress, password: passwords.ingress }),
    worker: urlFor(adminUrl, database, { user: LOGIN_ROLES.worker, password: passwords.worker }),
  };
  return locked(adminUrl, async (admin) => {
    await ensureRoles(admin, passwords);
    await ensureDatabase(admin, database, LOGIN_ROLES.owner);
    await migrateDatabase(urls.owner);
    return { ...urls, mode: await mark(urls.owner, options) };
  });
}

/** Makes the key store's database, owned by a role of its own; answers that role's address. */
export async function provisionKeystore({
  adminUrl,
  database,
  passwords,
}: Omit<Provisioning, "mode" | "name">): Promise<string> {
  const url = urlFor(adminUrl, database, { user: KEYS_ROLE, password: passwords.keys });
  await locked(adminUrl, async (admin) => {
    await ensureKeysRole(admin, passwords);
    await ensureDatabase(admin, database, KEYS_ROLE);
  });
  await migrateKeystore(url);
  return url;
}

/** The same server, another database and, where given, another user. */
export function urlFor(url: string, database: string, as?: { user: string; password: string }): string {
  const result = new URL(url);
  result.pathname = `/${encodeURIComponent(database)}`;
  if (as) {
    result.username = as.user;
    result.password = encodeURIComponent(as.password);
  }
  return result.href;
}

async function locked<T>(adminUrl: string, work: (admin: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = await connectAdmin(adminUrl);
  try {
    await admin`select pg_advisory_lock(${LOCK})`;
    return await work(admin);
  } finally {
    await admin.end(); // and with the session goes its lock
  }
}

/**
 * Signs in to the maintenance database, which is the same for everybody who locks, and looks at the server's age.
 *
 * @throws DatabaseError in one sentence when the server cannot be used
 */
export async function connectAdmin(adminUrl: string): Promise<postgres.Sql> {
  const admin = postgres(urlFor(adminUrl, "postgres"), {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: { application_name: "contraste provisioning" },
  });
  try {
    const [server] = await admin<{ version: number; text: string }[]>`
      select current_setting('server_version_num')::int / 10000 as version, current_setting('server_version') as text`;
    refuseOldServer(server);
    return admin;
  } catch (error) {
    await admin.end();
    throw error instanceof DatabaseError ? error : new DatabaseError(unreachable(adminUrl, error), { cause: error });
  }
}

/** @throws DatabaseError when the server's major version is below 15 */
export function refuseOldServer(server: { version: number; text: string } | undefined): void {
  if (server && server.version >= OLDEST_SERVER) return;
  throw new DatabaseError(`The server is PostgreSQL ${server?.text}; use PostgreSQL ${OLDEST_SERVER} or newer.`);
}

/** A sentence for the person who starts the product: what is wrong with the database and what to do. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

function unreachable(url: string, error: unknown): string {
  const { hostname, port, username } = new URL(url);
  const server = `${hostname}:${port || 5432}`;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "28P01" || code === "28000") {
    return `The server at ${server} refuses the user ${username}; correct user or password in DATABASE_URL.`;
  }
  const reason = code || (error instanceof Error ? error.message : String(error));
  return `No PostgreSQL answers at ${server} (${reason}); start it, correct DATABASE_URL, or unset it to use the embedded one.`;
}

async function ensureDatabase(admin: postgres.Sql, database: string, owner: string): Promise<void> {
  const [found] = await admin<{ owner: string }[]>`
    select pg_get_userbyid(datdba) as owner from pg_database where datname = ${database}`;
  if (!found) await admin`create database ${admin(database)} owner ${admin(owner)} encoding 'UTF8' template template0`;
  else if (found.owner !== owner) await admin`alter database ${admin(database)} owner to ${admin(owner)}`;
  await admin`revoke connect, temporary on database ${admin(database)} from public`;
  if (owner === LOGIN_ROLES.owner) {
    const others = [
      LOGIN_ROLES.console,
      LOGIN_ROLES.ingress,
      LOGIN_ROLES.worker,
      "contraste_auditor",
      "contraste_reporting",
    ];
    await admin.unsafe(`grant connect, temporary on database ${quoted(database)} to ${others.join(", ")}`);
  }
}

/** Marks a new database and reads the mark of an existing one. */
async function mark(ownerUrl: string, { mode, name, database }: Provisioning): Promise<Mode> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const [before] = await owner<{ mode: Mode }[]>`select mode from installation`;
    if (!before) {
      await owner`select install(${mode ?? "sandbox"}, ${name})`;
      return mode ?? "sandbox";
    }
    if (mode && before.mode !== mode) {
      throw new DatabaseError(
        `The database ${database} is marked ${before.mode} and INSTANCE_MODE says ${mode}; use another database, the mark never changes.`,
      );
    }
    return before.mode;
  } finally {
    await owner.end();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
