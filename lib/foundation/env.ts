import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";

/** Every problem of the environment at once, one sentence each, so that a person mends them in one go. */
export class EnvError extends Error {
  override readonly name = "EnvError";

  constructor(readonly problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n- ${problems.join("\n- ")}`,
    );
  }
}

type Source = Readonly<Record<string, string | undefined>>;

const portNumber = z.coerce.number("must be a port number").int("must be a port number").min(0).max(65_535);
const port = (fallback: number) => portNumber.default(fallback);
const databaseUrl = z
  .string()
  .refine(
    (text) => isUrl(text, ["postgres:", "postgresql:"]),
    "must look like postgresql://user:password@host:5432/database",
  )
  .optional();
const webUrl = z
  .string()
  .refine((text) => isUrl(text, ["http:", "https:"]), "must be an http or https address")
  .transform((text) => text.replace(/\/+$/, ""))
  .optional();
const key32 = z
  .string()
  .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64 (openssl rand -base64 32)")
  .optional();
const longText = z.string().min(32, "must have at least 32 characters (openssl rand -hex 32)").optional();
const signingKey = z
  .string()
  .transform((text) => text.replaceAll("\\n", "\n"))
  .refine(isEd25519Pem, "must be an Ed25519 private key as PKCS8 PEM (openssl genpkey -algorithm ed25519)")
  .optional();

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const EnvSchema = z.object({
  /** The server to use instead of the embedded one. Of a running process: the database as its own role. */
  DATABASE_URL: databaseUrl,
  KEYSTORE_DATABASE_URL: databaseUrl,
  CONSOLE_PORT: port(3000),
  INGRESS_PORT: port(3001),
  SANDBOX_PORT: port(3002),
  /** Where the internet reaches the ingress: tracked links, webhooks. Default: the ingress on this machine. */
  PUBLIC_BASE_URL: webUrl,
  /** Where people reach the console. Default: the console on this machine. */
  CONSOLE_URL: webUrl,
  DATA_DIR: z.string().default(".data"),
  /** Origin of the log's checkpoints, like a host name; never change it once the log is in use. */
  INSTANCE_NAME: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "must look like a host name: letters, digits, dots and hyphens")
    .default("contraste.local"),
  /** What a new database becomes (default: sandbox); an existing one must carry this mark when it is set. */
  INSTANCE_MODE: z.enum(["sandbox", "live"], 'must be "sandbox" or "live"').optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "fatal", "silent"], "must be debug, info, warn, error, fatal or silent")
    .default("info"),
  /** How long after its last sign of life a worker counts as dead, in ms; longer than the longest request (15 s). */
  WORKER_LEASE_MS: z.coerce
    .number("must be a number of milliseconds")
    .int("must be whole")
    .min(2_000, "must be at least 2000")
    .default(30_000),
  /** Where the worker answers `/healthz`, `/readyz` and `/metrics`, on loopback. Default: nowhere. */
  WORKER_PORT: portNumber.optional(),
  /** Of the virtual people's behaviour in a new sandbox. */
  SANDBOX_SEED: z.coerce.number("must be a number").int("must be whole").min(0).default(1),
  LOG_PRETTY: z.enum(["0", "1"], "must be 0 or 1").default("0"),
  SESSION_SECRET: longText,
  KEY_ENCRYPTION_KEY: key32,
  LOOKUP_KEY: key32,
  LINK_KEY: key32,
  LOG_SIGNING_KEY: signingKey,
  /** After a change of the key: the one before, which signs too for thirty days. */
  LOG_SIGNING_KEY_BEFORE: signingKey,
  SANDBOX_APP_SECRET: longText,
  /** Who watches the log, separated by commas: addresses (`npm run witness` prints them), and their keys in the same order. */
  WITNESS_URLS: list.refine(
    (urls) => urls.every((url) => isUrl(url, ["http:", "https:"])),
    "must be http or https addresses",
  ),
  WITNESS_KEYS: list,
  /** How many of them must have seen the newest checkpoint. Default: all. */
  WITNESS_QUORUM: z.coerce.number("must be a number").int("must be whole").min(0).optional(),
  /** Where a checkpoint is added every day: a folder that only grows, such as a git repository. Default: below DATA_DIR. */
  CHECKPOINT_FOLDER: z.string().optional(),
  /** The server that takes our mail, `smtps://user:password@host:465`. Without one, what would be mailed is shown. */
  SMTP_URL: z
    .string()
    .refine((text) => isUrl(text, ["smtp:", "smtps:"]), "must look like smtps://user:password@host:465")
    .optional(),
  MAIL_FROM: z.string().optional(),
});

/** Values that may come from a file instead: `LOOKUP_KEY_FILE=/run/secrets/lookup-key`. */
const FROM_FILE = [
  "DATABASE_URL",
  "KEYSTORE_DATABASE_URL",
  "SESSION_SECRET",
  "KEY_ENCRYPTION_KEY",
  "LOOKUP_KEY",
  "LINK_KEY",
  "LOG_SIGNING_KEY",
  "LOG_SIGNING_KEY_BEFORE",
  "SANDBOX_APP_SECRET",
  "SMTP_URL",
] as const;

export type Env = Omit<z.infer<typeof EnvSchema>, "PUBLIC_BASE_URL" | "CONSOLE_URL" | "CHECKPOINT_FOLDER"> & {
  PUBLIC_BASE_URL: string;
  CONSOLE_URL: string;
  CHECKPOINT_FOLDER: string;
};

/**
 * The configuration, read once at start. An empty value counts as unset. `DATA_DIR` comes back absolute.
 *
 * @throws EnvError with every problem found
 */
export function readEnv(source: Source = process.env): Env {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(EnvSchema.shape)) {
    const value = source[name];
    if (value !== undefined && value !== "") values[name] = value;
  }
  for (const name of FROM_FILE) {
    const path = source[`${name}_FILE`];
    if (!path) continue;
    if (values[name] !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set; keep one of them`);
      continue;
    }
    try {
      values[name] = readFileSync(path, "utf8").trim();
    } catch {
      problems.push(`${name}_FILE names ${path}, which cannot be read`);
    }
  }
  const parsed = EnvSchema.safeParse(values);
  if (!parsed.success) {
    // Values are secrets as often as not: the sentence names the variable and the rule, never the value.
    for (const issue of parsed.error.issues) problems.push(`${String(issue.path[0])} ${issue.message}`);
  }
  const { WITNESS_URLS: urls = [], WITNESS_KEYS: keys = [], WITNESS_QUORUM: quorum = 0 } = parsed.data ?? {};
  if (urls.length !== keys.length)
    problems.push("WITNESS_KEYS must name one key for each of WITNESS_URLS, in the same order");
  else if (quorum > urls.length) problems.push("WITNESS_QUORUM must be at most the number of WITNESS_URLS");
  if (parsed.data?.SMTP_URL && !parsed.data.MAIL_FROM)
    problems.push("SMTP_URL needs MAIL_FROM, the address that mail comes from");
  if (!parsed.success || problems.length > 0) throw new EnvError(problems);
  const env = parsed.data;
  return {
    ...env,
    DATA_DIR: resolve(env.DATA_DIR),
    CHECKPOINT_FOLDER: resolve(env.CHECKPOINT_FOLDER ?? join(env.DATA_DIR, "log", "checkpoints")),
    PUBLIC_BASE_URL: env.PUBLIC_BASE_URL ?? `http://127.0.0.1:${env.INGRESS_PORT}`,
    CONSOLE_URL: env.CONSOLE_URL ?? `http://127.0.0.1:${env.CONSOLE_PORT}`,
  };
}

/** How to log, readable before the environment is checked: a malformed value logs at `info`. Tests are silent. */
export function logSettings(source: Source = process.env): { level: string; pretty: boolean } {
  const level = EnvSchema.shape.LOG_LEVEL.safeParse(source.LOG_LEVEL || undefined);
  const fallback = source.NODE_ENV === "test" && !source.LOG_LEVEL ? "silent" : "info";
  return { level: level.success && source.LOG_LEVEL ? level.data : fallback, pretty: source.LOG_PRETTY === "1" };
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** True for an Ed25519 private key as PEM. */
export function isEd25519Pem(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}
