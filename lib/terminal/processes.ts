import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived so long had started well: the next fall begins with the short pause again. */
const STEADY_MS = 60_000;
const KILL_AFTER_MS = 4_500;

export interface ProcessSpec {
  name: "sandbox" | "ingress" | "worker" | "console";
  /** Arguments of node. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

export interface Supervised {
  readonly name: string;
  /** What the first message over the process's channel said; only processes that send one resolve it. */
  readonly firstMessage: Promise<unknown>;
  /** Process id of the running child, for tests that kill it. */
  pid(): number | undefined;
  /** Asks the child to end, and ends it by force after four and a half seconds. It is not started again. */
  stop(): Promise<void>;
}

/** Writes a line for people; given the name of who says it. */
export type Say = (who: string, line: string) => void;

/** Starts a child and keeps it running: a crash is said, and followed by a new start after a growing pause. */
export function supervise(spec: ProcessSpec, say: Say): Supervised {
  let child: ChildProcess | undefined;
  let isStopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let restart: NodeJS.Timeout | undefined;
  let resolveMessage: (message: unknown) => void = () => {};
  const firstMessage = new Promise<unknown>((resolve) => {
    resolveMessage = resolve;
  });

  function start(): void {
    const startedAt = performance.now();
    const running = spawn(process.execPath, spec.args, { env: spec.env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    child = running;
    running.once("message", resolveMessage);
    for (const stream of [running.stdout, running.stderr]) if (stream) relay(stream, (line) => say(spec.name, line));
    running.once("exit", (code, signal) => {
      child = undefined;
      if (isStopping) return;
      if (performance.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      say(spec.name, `ended unexpectedly (${signal ?? `code ${code}`}); starts again in ${pauseMs / 1000} s`);
      restart = setTimeout(start, pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    });
  }

  start();
  return {
    name: spec.name,
    firstMessage,
    pid: () => child?.pid,
    stop: async () => {
      isStopping = true;
      clearTimeout(restart);
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, "exit");
      running.kill("SIGTERM");
      const force = setTimeout(() => running.kill("SIGKILL"), KILL_AFTER_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function relay(stream: Readable, say: (line: string) => void): void {
  createInterface({ input: stream }).on("line", say);
}
