import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { EnvError, logSettings, readEnv } from "./env";

const folder = mkdtempSync(join(tmpdir(), "contraste-env-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

test("an empty environment is enough, and empty values count as unset", () => {
  expect(readEnv({ DATABASE_URL: "", CONSOLE_PORT: "" })).toMatchObject({
    CONSOLE_PORT: 3000,
    INGRESS_PORT: 3001,
    SANDBOX_PORT: 3002,
    PUBLIC_BASE_URL: "http://127.0.0.1:3001",
    CONSOLE_URL: "http://127.0.0.1:3000",
    INSTANCE_NAME: "contraste.local",
    LOG_LEVEL: "info",
  });
  expect(readEnv({ DATABASE_URL: "" }).DATABASE_URL).toBeUndefined();
  expect(isAbsolute(readEnv({}).DATA_DIR)).toBe(true);
});

test("addresses follow the ports and lose a trailing slash", () => {
  const env = readEnv({ CONSOLE_PORT: "4000", PUBLIC_BASE_URL: "https://wa.example.com/" });
  expect(env.CONSOLE_URL).toBe("http://127.0.0.1:4000");
  expect(env.PUBLIC_BASE_URL).toBe("https://wa.example.com");
});

test("every problem is listed at once, by name, without the value", () => {
  const source = {
    DATABASE_URL: "mysql://root:hunter2@db/x",
    CONSOLE_PORT: "80 80",
    PUBLIC_BASE_URL: "ftp://x",
    INSTANCE_NAME: "No Spaces",
    INSTANCE_MODE: "production",
    LOG_LEVEL: "loud",
    LOOKUP_KEY: "c2hvcnQ=",
    SESSION_SECRET: "hunter2",
    LOG_SIGNING_KEY: "not a key",
    LINK_KEY_FILE: join(folder, "missing"),
  };
  const problems = problemsOf(source);
  const names = Object.keys(source);
  expect(problems).toHaveLength(names.length);
  for (const name of names) expect(problems.join("\n")).toContain(name);
  expect(problems.join("\n")).not.toMatch(/hunter2|c2hvcnQ|loud/);
});

test("a value can come from a file, and not from both", () => {
  const key = randomBytes(32).toString("base64");
  const file = join(folder, "lookup-key");
  writeFileSync(file, `${key}\n`);
  expect(readEnv({ LOOKUP_KEY_FILE: file }).LOOKUP_KEY).toBe(key);
  expect(problemsOf({ LOOKUP_KEY_FILE: file, LOOKUP_KEY: key })).toEqual([
    "LOOKUP_KEY and LOOKUP_KEY_FILE are both set; keep one of them",
  ]);
});

test("a signing key may be given on one line with escaped line breaks, and must be Ed25519", () => {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  expect(readEnv({ LOG_SIGNING_KEY: pem.replaceAll("\n", "\\n") }).LOG_SIGNING_KEY).toBe(pem);
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" });
  expect(problemsOf({ LOG_SIGNING_KEY: other.toString() })).toHaveLength(1);
});

test("how to log is known even when the environment is broken", () => {
  expect(logSettings({ LOG_LEVEL: "loud", LOG_PRETTY: "1" })).toEqual({ level: "info", pretty: true });
  expect(logSettings({ LOG_LEVEL: "debug" })).toEqual({ level: "debug", pretty: false });
  expect(logSettings({ NODE_ENV: "test" })).toEqual({ level: "silent", pretty: false });
});
