import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, afterEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded";

const password = "a password/with = signs";
const isRoot = process.getuid?.() === 0;
const running: EmbeddedPostgres[] = [];
const folders = new Set<string>();

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "contraste-embedded-")); // closed to others, so root's server goes elsewhere
  folders.add(folder);
  return folder;
}

async function start(dataDir: string, options: { port?: number; durable?: boolean } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, name: "postgres", password, durable: false, ...options });
  running.push(server);
  folders.add(server.folder);
  return server;
}

async function ask(server: EmbeddedPostgres, query: string): Promise<unknown[]> {
  const client = postgres(server.url, { max: 1, onnotice: () => {} });
  return client.unsafe(query).finally(() => client.end());
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test("data, port and password survive a restart; the server listens on loopback alone, with passwords and checksums", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir, { durable: true });
  await ask(first, "create table kept as select 42 as answer");
  await first.stop();
  await first.stop(); // twice is once
  const second = await start(dataDir, { durable: true });
  expect(second.port).toBe(first.port);
  expect(await ask(second, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(
    await ask(
      second,
      `select current_setting('listen_addresses') as host, current_setting('unix_socket_directories') as sockets,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as durable,
        current_setting('data_checksums') as checksums, current_setting('password_encryption') as passwords`,
    ),
  ).toEqual([
    { host: "127.0.0.1", sockets: "", fsync: "on", durable: "on", checksums: "on", passwords: "scram-sha-256" },
  ]);
  const stranger = { ...second, url: second.url.replace(/:[^:@]*@/, ":guess@") };
  await expect(ask(stranger, "select 1")).rejects.toThrow(/password authentication failed/);
});

test("a data folder in use is refused in one sentence that says what to do", async () => {
  const dataDir = newFolder();
  const server = await start(dataDir);
  await expect(start(dataDir)).rejects.toThrow(
    new RegExp(
      `^The data folder ${dataDir} is in use by another instance \\(postgres, process \\d+\\); stop that one, or set DATA_DIR to another folder\\.$`,
    ),
  );
  expect(await ask(server, "select 1 as alive")).toEqual([{ alive: 1 }]);
});

test("of two that start on a new folder at once, one runs and the other says so", async () => {
  const dataDir = newFolder();
  const results = await Promise.allSettled([start(dataDir), start(dataDir)]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a lock file left by a power cut does not keep the server away, even when its number is alive again", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  await first.stop();
  writeFileSync(join(first.folder, "data", "postmaster.pid"), `${process.pid}\n${first.folder}/data\n`);
  const second = await start(dataDir);
  expect(await ask(second, "select 1 as alive")).toEqual([{ alive: 1 }]);
});

test("another program on the kept port makes the server move, and on a wished port is an error", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  await first.stop();
  const squatter = createServer().listen(first.port, "127.0.0.1");
  await once(squatter, "listening");
  await expect(start(dataDir, { port: first.port })).rejects.toThrow(
    `Port ${first.port} is taken; choose another one for postgres.`,
  );
  const second = await start(dataDir);
  expect(second.port).not.toBe(first.port);
  squatter.close();
});

test("data of another version is refused and left alone", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  await first.stop();
  const file = join(first.folder, "data", "PG_VERSION");
  writeFileSync(file, "14\n");
  await expect(start(dataDir)).rejects.toThrow(/was made by PostgreSQL 14 and this is 18; move it away/);
  expect(readFileSync(file, "utf8")).toBe("14\n");
});

test("the server ends when the process that started it is killed", async () => {
  const dataDir = newFolder();
  const script = `import { startEmbeddedPostgres } from "./db/embedded.ts";
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, name: "postgres", password: "x", durable: false });
    console.log(server.folder);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(parent, "exit").then(() => ["it ended by itself"]);
  const [output] = await Promise.race([once(parent.stdout, "data"), ended]);
  const folder = String(output).trim();
  folders.add(folder);
  const lockFile = join(folder, "data", "postmaster.pid");
  expect(existsSync(lockFile)).toBe(true);
  parent.kill("SIGKILL");
  for (let waited = 0; existsSync(lockFile) && waited < 1000; waited++) await pause(20); // the lock goes last
  expect(existsSync(lockFile)).toBe(false);
  expect(readFileSync(join(folder, "server.log"), "utf8")).toMatch(/database system is shut down\s*$/);
});

test.runIf(isRoot)(
  "root's server stays in the data folder where its user can reach it, and what it writes is that user's",
  async () => {
    const dataDir = newFolder();
    chmodSync(dataDir, 0o755);
    const server = await start(dataDir);
    expect(server.folder).toBe(join(dataDir, "postgres"));
    const owners = ["data", "port", "server.log"].map((name) => statSync(join(server.folder, name)).uid);
    expect(new Set(owners).size).toBe(1);
    expect(owners[0]).not.toBe(0);
  },
);

test.runIf(isRoot)("data that its user can no longer reach is refused, not replaced", async () => {
  const dataDir = newFolder();
  chmodSync(dataDir, 0o755);
  const server = await start(dataDir);
  await server.stop();
  chmodSync(dataDir, 0o700);
  await expect(start(dataDir)).rejects.toThrow(/^The data folder .* is closed to the user of PostgreSQL/);
  expect(existsSync(join(server.folder, "data", "PG_VERSION"))).toBe(true);
});

test.runIf(isRoot)(
  "root's server runs as another user, below /var/lib/contraste where the folder is closed to others",
  async () => {
    const server = await start(newFolder());
    expect(server.folder).toMatch(/^\/var\/lib\/contraste\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
    const pid = readFileSync(join(server.folder, "data", "postmaster.pid"), "utf8").split("\n")[0];
    expect(readFileSync(`/proc/${pid}/status`, "utf8")).not.toMatch(/^Uid:\s+0\s/m);
  },
);

test("a server that was killed is up again on the same port, with everything that was committed", async () => {
  const server = await start(newFolder(), { durable: true });
  await ask(server, "create table kept as select 42 as answer");
  const pidOf = () => readFileSync(join(server.folder, "data", "postmaster.pid"), "utf8").split("\n")[0];
  const before = pidOf();
  process.kill(Number(before), "SIGKILL");
  const answer = async (): Promise<unknown[]> =>
    ask(server, "select answer from kept").catch(async () => {
      await pause(50);
      return answer();
    });
  while (existsSync(join(server.folder, "data", "postmaster.pid")) && pidOf() === before) await pause(20);
  expect(await answer()).toEqual([{ answer: 42 }]);
  await server.stop();
  expect(existsSync(join(server.folder, "data", "postmaster.pid"))).toBe(false);
});
