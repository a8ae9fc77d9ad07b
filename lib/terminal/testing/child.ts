import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  /** Sees every line of both streams as it comes. */
  onLine?: (line: string) => void;
  /** After so long the child is killed, and the outcome says so. */
  limitMs: number;
}

export interface ChildOutcome {
  /** -1 when a signal ended it. */
  code: number;
  stdout: string;
  /** Both streams in the order in which they came: what a person would have seen. */
  output: string;
}

/**
 * What a child may know of this machine, and nothing of how a product on it is configured: a developer's DATABASE_URL
 * or NODE_ENV must not decide what the tests see.
 */
export function machineEnvironment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => MACHINE.test(name));
  return { ...Object.fromEntries(kept), ...own } as NodeJS.ProcessEnv; // Next types NODE_ENV as always present
}

const MACHINE =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LC_ALL|TERM|CI|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|npm_config_.*|PLAYWRIGHT_BROWSERS_PATH)$/i;

/** Runs a program to its end, without standard input. */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildOutcome> {
  const { env = machineEnvironment(), onLine, limitMs } = options;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const stdout: string[] = [];
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (stream === child.stdout) stdout.push(line);
      output.push(line);
      onLine?.(line);
    });
  }
  const limit = setTimeout(() => {
    output.push(`killed: it was not done after ${limitMs / 1000} s`);
    signalGroup(child, "SIGKILL");
  }, limitMs);
  try {
    const [code] = await once(child, "close");
    return { code: code ?? -1, stdout: stdout.join("\n"), output: output.join("\n") };
  } finally {
    clearTimeout(limit);
  }
}

/** A script of an installed package, or a file of ours, with this Node. */
export function runNode(args: readonly string[], options: ChildOptions): Promise<ChildOutcome> {
  return runChild(process.execPath, args, options);
}

/** As the terminal does on Ctrl-C: to the child and to everything that it started in its group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
