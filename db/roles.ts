import { createHash, createHmac, pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import type postgres from "postgres";
import type { DatabaseLogin } from "@/lib/foundation/secrets";

/** Who signs in to the main database, and as which role. The owner migrates; nobody runs as a superuser. */
export const LOGIN_ROLES = {
  owner: "contraste_owner",
  console: "contraste_console",
  ingress: "contraste_ingress",
  worker: "contraste_worker",
} as const;
export const KEYS_ROLE = "contraste_keys";
/** Roles that carry grants for people and tools which the customer adds: `grant contraste_reporting to …`. */
const GROUP_ROLES = ["contraste_auditor", "contraste_reporting"];

export type Passwords = Readonly<Record<Exclude<DatabaseLogin, "superuser">, string>>;

/** Makes the roles of the main database, or gives the existing ones these passwords. Roles belong to the whole server. */
export async function ensureRoles(admin: postgres.Sql, passwords: Passwords): Promise<void> {
  for (const role of GROUP_ROLES) await ensureRole(admin, role, "nologin");
  await ensureRole(admin, LOGIN_ROLES.owner, login(passwords.owner));
  await ensureRole(admin, LOGIN_ROLES.console, login(passwords.console));
  await ensureRole(admin, LOGIN_ROLES.ingress, login(passwords.ingress));
  await ensureRole(admin, LOGIN_ROLES.worker, login(passwords.worker));
}

/** Makes the role that owns the key store. */
export function ensureKeysRole(admin: postgres.Sql, passwords: Passwords): Promise<void> {
  return ensureRole(admin, KEYS_ROLE, login(passwords.keys));
}

async function ensureRole(admin: postgres.Sql, role: string, options: string): Promise<void> {
  const [found] = await admin`select 1 from pg_roles where rolname = ${role}`;
  await admin.unsafe(`${found ? "alter" : "create"} role ${role} ${options} nocreatedb nocreaterole`);
  // Whoever is no superuser must be a member of a role to give it a database.
  await admin.unsafe(`do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
      execute format('grant ${role} to %I', current_user);
    end if;
  end $$`);
}

/** The password as SCRAM keeps it, made here, so that no statement and no server log ever holds the password itself. */
function login(password: string): string {
  const salt = randomBytes(16);
  const iterations = 4096; // PostgreSQL's own default; the passwords are 256 random bits
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest("base64");
  const serverKey = hmac(salted, "Server Key").toString("base64");
  return `login password 'SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}'`;
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac("sha256", key).update(message).digest();
}

/**
 * The roles' passwords on a server that is not ours. Several installations may share it (a live one, a sandbox, the
 * demo) and with it the roles, so each derives the same passwords from the one secret they have in common: the
 * password of DATABASE_URL. Without one there, the installation's own passwords are used.
 */
export function passwordsOn(adminUrl: string, own: Passwords): Passwords {
  const { password } = new URL(adminUrl);
  if (password === "") return own;
  const derive = (role: string) => scryptSync(decodeURIComponent(password), `contraste/${role}`, 32).toString("hex");
  return {
    owner: derive("owner"),
    console: derive("console"),
    ingress: derive("ingress"),
    worker: derive("worker"),
    keys: derive("keys"),
  };
}
