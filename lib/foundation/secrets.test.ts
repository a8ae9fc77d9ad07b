import { createPrivateKey, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { EnvError } from "./env";
import { loadSecrets } from "./secrets";

let folder = "";
const made: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contraste-secrets-"));
  made.push(folder);
});
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

test("the first start makes every secret, for its owner's eyes only", () => {
  const secrets = loadSecrets(join(folder, "data"));
  expect(secrets.keyEncryptionKey).toHaveLength(32);
  expect(secrets.lookupKey).toHaveLength(32);
  expect(secrets.linkKey).toHaveLength(32);
  expect(secrets.lookupKey.equals(secrets.keyEncryptionKey)).toBe(false);
  expect(secrets.sessionSecret.length).toBeGreaterThanOrEqual(32);
  expect(createPrivateKey(secrets.logSigningKey).asymmetricKeyType).toBe("ed25519");
  expect(new Set(Object.values(secrets.databasePasswords)).size).toBe(6);
  const files = join(folder, "data", "secrets");
  expect(statSync(files).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(files)) expect(statSync(join(files, file)).mode & 0o777).toBe(0o600);
  expect(readdirSync(files)).toHaveLength(12);
});

test("the second start finds the same secrets and changes no file", () => {
  const first = loadSecrets(folder);
  const path = join(folder, "secrets", "lookup-key");
  const text = readFileSync(path, "utf8");
  expect(loadSecrets(folder)).toEqual(first);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a given secret is used and not written down", () => {
  const key = randomBytes(32);
  const secrets = loadSecrets(folder, { LOOKUP_KEY: key.toString("base64") });
  expect(secrets.lookupKey.equals(key)).toBe(true);
  expect(readdirSync(join(folder, "secrets"))).not.toContain("lookup-key");
});

test("malformed files are all named and none is replaced", () => {
  loadSecrets(folder);
  const broken = ["lookup-key", "log-signing-key.pem"].map((name) => join(folder, "secrets", name));
  for (const path of broken) writeFileSync(path, "cut");
  expect(() => loadSecrets(folder)).toThrow(EnvError);
  expect(() => loadSecrets(folder)).toThrow(new RegExp(broken.map((path) => path).join("[^]*")));
  for (const path of broken) expect(readFileSync(path, "utf8")).toBe("cut");
});
