import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerFiles } from "./server-user";

const READY_TIMEOUT_MS = 300_000; // a crash recovery replays at most max_wal_size
const POLL_MS = 15;
const LOG_LIMIT_BYTES = 10_000_000;

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

/** Starts the server and waits until it takes connections; when it ends before that, answers what it logged. */
export async function launch(server: {
  files: ServerFiles;
  data: string;
  port: number;
  durable: boolean;
}): Promise<Launched> {
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

/** Fast shutdown; resolves when the server has ended. Harmless when it already has. */
export async function stop(shell: ChildProcess): Promise<void> {
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

/** Nothing of ours: PG* variables would redirect the server, and secrets are none of its business. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: "/usr/bin:/bin", LC_ALL: "C", NODE_ENV: process.env.NODE_ENV };
}

/** What root writes beside the data belongs to the server's user, who may one day start without root. */
export function giveTo({ user }: ServerFiles, path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}

export function logOf(files: ServerFiles): string {
  return join(files.folder, "server.log");
}

/** The lines of a small file; none when it is missing or closed to us. */
export function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
