import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ServerFiles, serverFiles } from "./server-user";

export interface EmbeddedPostgres {
  /** As the superuser, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Where the cluster is: usually `<dataDir>/<name>`, for root sometimes below /var/lib/contraste. */
  readonly folder: string;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk when it resolves. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** `postgres` for the main cluster, `keystore` for the keys. */
  readonly name: string;
  /** Of the superuser `postgres`; set when the cluster is made. */
  readonly password: string;
  /** A free one is found and kept when left out. */
  readonly port?: number;
  /** False gives up durability for speed: for tests, whose data nobody wants back. */
  readonly durable?: boolean;
}

const READY_TIMEOUT_MS = 300_000; // a crash recovery replays at most max_wal_size
const POLL_MS = 15;
const PORT_ATTEMPTS = 5;
const LOG_LIMIT_BYTES = 10_000_000;

/**
 * Starts a cluster of ours, making it on first use: loopback only, no socket, passwords (SCRAM) for everybody. The
 * server ends with the process that started it, however that ends, because a shell between the two waits on a pipe.
 *
 * @throws Error with one sentence: data folder in use, port taken, made by another version, no suitable user
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const files = serverFiles(resolve(options.dataDir, options.name));
  const data = join(files.folder, "data");
  refuseWhenInUse(data, options);
  if (!existsSync(data)) initialise(files, data, options);
  refuseOtherVersion(files, data);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(readPort(files)));
    const started = await launch({ files, data, port, durable: options.durable ?? true });
    if (started.kind === "ready") {
      writeFileSync(join(files.folder, "port"), `${port}\n`);
      giveTo(files, join(files.folder, "port"));
      const url = `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`;
      return { url, port, folder: files.folder, stop: () => stop(started.shell) };
    }
    refuseWhenInUse(data, options); // somebody else may have been a moment faster
    const portTaken = /could not bind|Address already in use/i.test(started.log);
    if (portTaken && options.port !== undefined)
      throw new Error(`Port ${port} is taken; choose another one for ${options.name}.`);
    if (!portTaken || attempt === PORT_ATTEMPTS) {
      const reason = /FATAL: +(.*)/.exec(started.log)?.[1] ?? "it ended without a reason";
      throw new Error(`The embedded PostgreSQL in ${files.folder} did not start: ${reason} (see ${logOf(files)}).`);
    }
  }
}

/** Made aside and renamed into place: a folder that exists is whole. */
function initialise(files: ServerFiles, data: string, { password, durable = true }: EmbeddedOptions): void {
  const draft = `${data}.${randomBytes(6).toString("hex")}`;
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
  giveTo(files, passwordFile);
  try {
    const made = spawnSync(
      join(files.binaries, "initdb"),
      [
        `--pgdata=${draft}`,
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        ...(durable ? [] : ["--no-sync"]),
      ],
      { ...files.user, cwd: files.folder, encoding: "utf8", env: serverEnvironment() },
    );
    if (made.status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      const reason = (made.stderr || made.error?.message || "").trim().split("\n").at(-1);
      throw new Error(`The embedded PostgreSQL could not make its data folder ${data}: ${reason}`);
    }
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

type Launched = { kind: "ready"; shell: ChildProcess } | { kind: "failed"; log: string };

/**
 * The shell starts the server and waits for the end of its standard input, which comes when we close it or die; then
 * it asks for a fast shutdown. Its own process group keeps Ctrl-C away from the server until we are done with it.
 */
const KEEPER = `exec 3<&0
"$@" 3<&- </dev/null &
server=$!
( read -r _ <&3; kill -INT "$server" ) 2>/dev/null &
keeper=$!
exec 3<&-
wait "$server"
code=$?
kill "$keeper" 2>/dev/null
exit "$code"`;

async function launch(server: { files: ServerFiles; data: string; port: number; durable: boolean }): Promise<Launched> {
  const { files, data, port, durable } = server;
  const logFile = logOf(files);
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, "a", 0o600);
  giveTo(files, logFile);
  const logStart = statSync(logFile).size;
  const settings = Object.entries({ ...SETTINGS, ...(durable ? {} : FOR_TESTS), port: String(port) });
  const shell = spawn(
    "/bin/sh",
    [
      "-c",
      KEEPER,
      "postgres",
      join(files.binaries, "postgres"),
      "-D",
      data,
      ...settings.flatMap(([k, v]) => ["-c", `${k}=${v}`]),
    ],
    { ...files.user, cwd: files.folder, detached: true, stdio: ["pipe", log, log], env: serverEnvironment() },
  );
  closeSync(log);
  let ended = false;
  shell.once("exit", () => {
    ended = true;
  });
  shell.once("error", () => {
    ended = true;
  });
  shell.stdin?.on("error", () => {}); // the shell may be gone before we let go
  for (let waited = 0; !ended && waited < READY_TIMEOUT_MS; waited += POLL_MS) {
    if (isReady(data, port)) {
      shell.unref();
      return { kind: "ready", shell };
    }
    await pause(POLL_MS);
  }
  await stop(shell);
  return { kind: "failed", log: readFileSync(logFile).subarray(logStart).toString() };
}

/** What we want of the server. No statement and no row ever reaches its log: they are full of people. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  max_wal_size: "2GB",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
};

const FOR_TESTS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_connections: "300",
  shared_buffers: "128MB",
};

async function stop(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null || shell.pid === undefined) return;
  shell.ref();
  const exited = new Promise((done) => shell.once("exit", done));
  shell.stdin?.end();
  await exited;
}

/** The last line of the lock file says how far the server is; its fourth the port. */
function isReady(data: string, port: number): boolean {
  const lines = readLines(join(data, "postmaster.pid"));
  return lines[3]?.trim() === String(port) && lines[7]?.trim() === "ready";
}

function refuseWhenInUse(data: string, { name, dataDir }: EmbeddedOptions): void {
  const lockFile = join(data, "postmaster.pid");
  const pid = Number(readLines(lockFile)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isServerOf(data, pid)) {
    throw new Error(
      `The data folder ${resolve(dataDir)} is in use by another instance (${name}, process ${pid}); stop that one, or set DATA_DIR to another folder.`,
    );
  }
  // Left by a machine that went down. Its number may by now be another program's, which would keep the server away.
  rmSync(lockFile, { force: true });
}

function isServerOf(data: string, pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const commandLine = existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
    : spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return commandLine.includes(data);
}

function refuseOtherVersion(files: ServerFiles, data: string): void {
  const made = readLines(join(data, "PG_VERSION"))[0]?.trim();
  const output = spawnSync(join(files.binaries, "postgres"), ["--version"], {
    ...files.user,
    cwd: "/",
    encoding: "utf8",
  });
  const ours = /(\d+)\./.exec(output.stdout ?? "")?.[1];
  if (made !== ours) {
    throw new Error(
      `${data} was made by PostgreSQL ${made} and this is ${ours}; move it away, or use the version that made it.`,
    );
  }
}

function readPort(files: ServerFiles): number | undefined {
  const port = Number(readLines(join(files.folder, "port"))[0]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** The preferred port when it is free, else any. */
function freePort(preferred: number | undefined): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (error) => (preferred === undefined ? fail(error) : done(freePort(undefined))));
    probe.listen({ host: "127.0.0.1", port: preferred ?? 0 }, () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

/** Nothing of ours: PG* variables would redirect the server, and secrets are none of its business. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: "/usr/bin:/bin", LC_ALL: "C", NODE_ENV: process.env.NODE_ENV };
}

/** What root writes beside the data belongs to the server's user, who may one day start without root. */
function giveTo({ user }: ServerFiles, path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}

function logOf(files: ServerFiles): string {
  return join(files.folder, "server.log");
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
