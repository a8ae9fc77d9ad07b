import { type ChildProcess, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "@/lib/foundation/log";
import { giveTo, launch, logOf, readLines, serverEnvironment, stop } from "./server-process";
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

const PORT_ATTEMPTS = 5;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;

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
      const server = { files, data, port, durable: options.durable ?? true };
      return { url, port, folder: files.folder, stop: keepRunning(started.shell, server) };
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

/**
 * Starts the server again, on the same port, whenever it ends without our doing: out of memory, or somebody killed it.
 * Answers how to stop it for good.
 */
function keepRunning(first: ChildProcess, server: Parameters<typeof launch>[0]): () => Promise<void> {
  const stopping = new AbortController();
  const run = async () => {
    let shell = first;
    let waitMs = FIRST_RESTART_MS;
    while (await endedByItself(shell, stopping.signal)) {
      log.error("postgres.ended_unexpectedly", { folder: server.files.folder, startsAgainInMs: waitMs });
      await pause(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {}); // stopping: seen below
      if (stopping.signal.aborted) return;
      const started = await launch(server);
      waitMs = started.kind === "ready" ? FIRST_RESTART_MS : Math.min(LONGEST_RESTART_MS, waitMs * 2);
      if (started.kind === "ready") shell = started.shell;
    }
    await stop(shell);
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}

/** Resolves with true when the server's shell ends, with false when it is to be stopped before that. */
function endedByItself(shell: ChildProcess, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return Promise.resolve(false);
  if (shell.exitCode !== null || shell.signalCode !== null) return Promise.resolve(true);
  return new Promise((done) => {
    shell.once("exit", () => done(true));
    stopping.addEventListener("abort", () => done(false), { once: true });
  });
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
