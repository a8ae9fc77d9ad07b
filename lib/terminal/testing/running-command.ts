import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type ChildOutcome, machineEnvironment, runChild, signalGroup } from "./child";
import { descendantsOf, stillRunning } from "./process-table";

const POLL_MS = 50;
const TAIL_LINES = 15;

/** A command of package.json that runs until it is interrupted. */
export interface RunningCommand {
  /** The first line that matches; fails when the command ends before, or within the limit. */
  line(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
  /** Ctrl-C, as a terminal does it; answers how long it took and which of its processes are left. */
  interrupt(limitMs: number): Promise<{ ms: number; code: number | null; left: number[] }>;
  /** For cases that fail half way: nothing may stay behind. Harmless after an interrupt. */
  kill(): void;
}

/** Runs `npm run NAME -- ARGS` to its end. */
export function npmRun(
  name: string,
  args: readonly string[],
  options: { env: Record<string, string>; limitMs: number },
): Promise<ChildOutcome> {
  return runChild("npm", ["run", "--silent", name, "--", ...args], {
    env: machineEnvironment(options.env),
    limitMs: options.limitMs,
  });
}

export function startCommand(name: string, args: readonly string[], env: Record<string, string>): RunningCommand {
  const child = spawn("npm", ["run", "--silent", name, "--", ...args], {
    env: machineEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, which the signal of Ctrl-C goes to
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (text) => lines.push(text));
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const known = new Set<number>();
  const remember = () => {
    for (const pid of child.pid === undefined ? [] : descendantsOf(child.pid)) known.add(pid);
  };
  return {
    async line(pattern, limitMs) {
      const end = performance.now() + limitMs;
      for (;;) {
        for (const text of lines) {
          const found = text.match(pattern);
          if (found) return found;
        }
        if (hasEnded() || performance.now() > end) {
          const why = hasEnded() ? "ended" : `said nothing of the kind for ${limitMs / 1000} s`;
          throw new Error(`npm run ${name} ${why}; expected ${pattern}\n${lines.slice(-TAIL_LINES).join("\n")}`);
        }
        await pause(POLL_MS);
      }
    },
    async interrupt(limitMs) {
      remember();
      const start = performance.now();
      const ended = hasEnded() ? Promise.resolve() : once(child, "exit");
      signalGroup(child, "SIGINT");
      const limit = setTimeout(() => signalGroup(child, "SIGKILL"), limitMs);
      await ended;
      while (stillRunning(known).length > 0 && performance.now() - start < limitMs) await pause(POLL_MS);
      clearTimeout(limit);
      return { ms: performance.now() - start, code: child.exitCode, left: stillRunning(known) };
    },
    kill: () => {
      remember();
      signalGroup(child, "SIGKILL");
      for (const pid of stillRunning(known)) process.kill(pid, "SIGKILL");
    },
  };
}
