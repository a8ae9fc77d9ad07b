import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Env, EnvError, isEd25519Pem } from "./env";

/** What an installation must keep to itself. Keys are 32 bytes; the signing key is Ed25519 as PKCS8 PEM. */
export interface Secrets {
  readonly sessionSecret: string;
  /** Wraps the key of every contact. */
  readonly keyEncryptionKey: Buffer;
  /** Key of the lookups by which an identifier is found without being stored in clear. */
  readonly lookupKey: Buffer;
  readonly linkKey: Buffer;
  /** PKCS8 PEM; for the worker, which signs checkpoints. */
  readonly logSigningKey: string;
  /** The key before it, which signs too for a while after a change. */
  readonly logSigningKeyBefore?: string | undefined;
  readonly sandboxAppSecret: string;
  readonly databasePasswords: Readonly<Record<DatabaseLogin, string>>;
}

/** `superuser` is the embedded server's; `keys` is who opens the key store. */
export type DatabaseLogin = "superuser" | "owner" | "console" | "ingress" | "worker" | "keys";

const SIGNING_KEY = "log-signing-key.pem";
const SIGNING_KEY_BEFORE = "log-signing-key-before.pem";
const SIGNING_OVERLAP_MS = 30 * 86_400_000;

type Given = Partial<
  Pick<
    Env,
    | "SESSION_SECRET"
    | "KEY_ENCRYPTION_KEY"
    | "LOOKUP_KEY"
    | "LINK_KEY"
    | "LOG_SIGNING_KEY"
    | "LOG_SIGNING_KEY_BEFORE"
    | "SANDBOX_APP_SECRET"
  >
>;

/**
 * The installation's secrets. Each is taken from the environment where given; otherwise from `<dataDir>/secrets`,
 * where a missing one is made on first start (folder 0700, files 0600) and an existing one is never overwritten.
 *
 * @throws EnvError naming every file that exists but is malformed
 */
export function loadSecrets(dataDir: string, given: Given = {}): Secrets {
  const folder = join(dataDir, "secrets");
  const problems: string[] = [];
  const secret = (name: string, fromEnv: string | undefined, make: () => string, valid: (text: string) => boolean) => {
    if (fromEnv !== undefined) return fromEnv;
    const path = join(folder, name);
    const text = readOrCreate(folder, path, make);
    if (!valid(text)) problems.push(`${path} is malformed; restore it from your backup, it cannot be made again`);
    return text;
  };
  const text = (name: string, fromEnv: string | undefined) =>
    secret(
      name,
      fromEnv,
      () => randomBytes(32).toString("hex"),
      (value) => value.length >= 32,
    );
  const key = (name: string, fromEnv: string | undefined) =>
    Buffer.from(
      secret(
        name,
        fromEnv,
        () => randomBytes(32).toString("base64"),
        (value) => decoded(value).length === 32,
      ),
      "base64",
    );
  const password = (login: DatabaseLogin) => text(`database-password-${login}`, undefined);
  const secrets: Secrets = {
    sessionSecret: text("session-secret", given.SESSION_SECRET),
    keyEncryptionKey: key("key-encryption-key", given.KEY_ENCRYPTION_KEY),
    lookupKey: key("lookup-key", given.LOOKUP_KEY),
    linkKey: key("link-key", given.LINK_KEY),
    logSigningKey: secret(SIGNING_KEY, given.LOG_SIGNING_KEY, newSigningKey, isEd25519Pem),
    logSigningKeyBefore: given.LOG_SIGNING_KEY_BEFORE ?? readIfThere(join(folder, SIGNING_KEY_BEFORE)),
    sandboxAppSecret: text("sandbox-app-secret", given.SANDBOX_APP_SECRET),
    databasePasswords: {
      superuser: password("superuser"),
      owner: password("owner"),
      console: password("console"),
      ingress: password("ingress"),
      worker: password("worker"),
      keys: password("keys"),
    },
  };
  if (problems.length > 0) throw new EnvError(problems);
  return secrets;
}

/**
 * Puts a new key in the place of the one that signs the log; the one before stays beside it and signs too for thirty days. The
 * worker takes both at its next start and writes the change into the log.
 *
 * @throws Error when the last change is less than thirty days ago: only two keys sign at a time
 */
export function changeSigningKey(dataDir: string): void {
  const folder = join(dataDir, "secrets");
  const [path, before] = [join(folder, SIGNING_KEY), join(folder, SIGNING_KEY_BEFORE)];
  const changedAt = statSync(before, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - changedAt < SIGNING_OVERLAP_MS) throw new Error("The key was changed less than thirty days ago.");
  const current = readFileSync(path, "utf8");
  if (!isEd25519Pem(current)) throw new Error(`${path} is malformed; restore it from your backup`);
  for (const [target, text] of [
    [before, current],
    [path, `${newSigningKey()}\n`],
  ] as const) {
    const draft = `${target}.${randomBytes(6).toString("hex")}`;
    writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(draft, target);
  }
}

function readOrCreate(folder: string, path: string, make: () => string): string {
  const existing = readIfThere(path);
  if (existing !== undefined) return existing;
  mkdirSync(dirname(folder), { recursive: true }); // open as usual: the embedded server's user passes through it
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  // Written aside and linked into place: a reader never sees half a secret, and of two starters the first one wins.
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, "utf8").trim();
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A new Ed25519 private key as PKCS8 PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString().trim();
}

function decoded(text: string): Buffer {
  return Buffer.from(text, "base64");
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
