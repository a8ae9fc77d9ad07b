import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, expect, inject, test } from "vitest";
import { readEnv } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { openKeystore } from "@/lib/keystore/keystore";
import { connect } from "./client";
import { type Installation, openInstallation } from "./installation";
import { refuseOldServer, urlFor } from "./provision";
import type {} from "./testing/global-setup";

const { adminUrl, prefix } = inject("testServer");
const dataDir = mkdtempSync(join(tmpdir(), "contraste-installation-"));
const secrets = loadSecrets(dataDir);
const open: Installation[] = [];
const elsewhere = new Set<string>();

async function install(source: Record<string, string>): Promise<Installation> {
  const installation = await openInstallation(readEnv({ DATA_DIR: dataDir, ...source }), secrets);
  open.push(installation);
  for (const folder of installation.folders) elsewhere.add(folder);
  return installation;
}

async function ask(url: string, query: ReturnType<typeof sql>): Promise<unknown> {
  const { db, close } = connect(url, { max: 1 });
  return db.execute(query).finally(close);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((installation) => installation.stop()));
});
afterAll(() => {
  for (const folder of [dataDir, ...elsewhere]) rmSync(folder, { recursive: true, force: true });
});

test("without DATABASE_URL there are two clusters, a sandbox, and everything is still there after a restart", async () => {
  const first = await install({});
  expect(first.folders).toHaveLength(2);
  expect(first.mode).toBe("sandbox");
  expect(new URL(first.urls.keystore).port).not.toBe(new URL(first.urls.worker).port);
  await ask(first.urls.owner, sql`update installation set currency = 'MXN'`);
  const keys = openKeystore(first.urls.keystore, secrets.keyEncryptionKey);
  await keys.close();
  await first.stop();
  const second = await install({});
  expect(second.urls).toEqual(first.urls);
  expect(await ask(second.urls.console, sql`select mode, name, currency from installation`)).toEqual([
    { mode: "sandbox", name: "contraste.local", currency: "MXN" },
  ]);
});

test("with DATABASE_URL that server is used, nothing embedded starts, and starting again changes nothing", async () => {
  const source = { DATABASE_URL: urlFor(adminUrl, `${prefix}_given`), INSTANCE_MODE: "live" };
  const first = await install(source);
  expect(first.mode).toBe("live");
  expect(first.folders).toEqual([]);
  const again = await Promise.all([install(source), install(source)]); // two at once
  for (const installation of again) expect(installation.urls).toEqual(first.urls);
  for (const role of ["owner", "console", "ingress", "worker"] as const) {
    expect(new URL(first.urls[role]).port).toBe(new URL(adminUrl).port);
    expect(await ask(first.urls[role], sql`select current_user as who`)).toEqual([{ who: `contraste_${role}` }]);
  }
});

test("a database keeps its mark: the other mode is refused", async () => {
  const DATABASE_URL = urlFor(adminUrl, `${prefix}_marked`);
  await install({ DATABASE_URL, INSTANCE_MODE: "sandbox" });
  await expect(install({ DATABASE_URL, INSTANCE_MODE: "live" })).rejects.toThrow(
    `The database ${prefix}_marked is marked sandbox and INSTANCE_MODE says live; use another database, the mark never changes.`,
  );
  expect((await install({ DATABASE_URL })).mode).toBe("sandbox");
});

test("a key store of its own may be given; its database is made", async () => {
  const KEYSTORE_DATABASE_URL = urlFor(adminUrl, `${prefix}_own_keys`);
  const { urls } = await install({ DATABASE_URL: urlFor(adminUrl, `${prefix}_split`), KEYSTORE_DATABASE_URL });
  expect(urls.keystore).toBe(KEYSTORE_DATABASE_URL);
  expect(await ask(urls.keystore, sql`select count(*)::int as keys from contact_keys`)).toEqual([{ keys: 0 }]);
});

test("nobody listening, a wrong password, a missing name: one sentence each, without the password", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const address = closed.address();
  const port = typeof address === "object" ? address?.port : 0;
  closed.close();
  await once(closed, "close");
  await expect(install({ DATABASE_URL: `postgresql://u:hunter2@127.0.0.1:${port}/x` })).rejects.toThrow(
    new RegExp(
      `^No PostgreSQL answers at 127\\.0\\.0\\.1:${port} \\(ECONNREFUSED\\); start it, correct DATABASE_URL, or unset it to use the embedded one\\.$`,
    ),
  );
  const wrong = new URL(adminUrl);
  wrong.password = "hunter2";
  await expect(install({ DATABASE_URL: urlFor(wrong.href, "x") })).rejects.toThrow(
    `The server at ${wrong.host} refuses the user ${wrong.username}; correct user or password in DATABASE_URL.`,
  );
  await expect(install({ DATABASE_URL: adminUrl.replace(/\/postgres$/, "") })).rejects.toThrow(
    "DATABASE_URL names no database; add one at its end, such as /contraste.",
  );
});

test("a server that is too old is refused with its version", () => {
  expect(() => refuseOldServer({ version: 14, text: "14.19 (Debian)" })).toThrow(
    "The server is PostgreSQL 14.19 (Debian); use PostgreSQL 15 or newer.",
  );
  expect(() => refuseOldServer({ version: 15, text: "15.1" })).not.toThrow();
});
