import { join } from "node:path";
import { type Installation, openInstallation } from "@/db/installation";
import type { Env } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { installShippedPolicy } from "@/lib/policies/commands/install-shipped-policy";
import { replayErasures } from "@/lib/rights/commands/erase-person";
import { erasureJournal } from "@/lib/rights/erasure-journal";
import { asTerminal } from "./as-terminal";
import { ensureBuild } from "./build";
import { connectSandbox, type SandboxAddress } from "./connect-sandbox";
import { requireFreePorts } from "./ports";
import { type ProcessSpec, type Say, type Supervised, supervise } from "./processes";

export interface ProductOptions {
  env: Env;
  say: Say;
  /** Reload on change: the console by next dev, the other processes by tsx watch. */
  isDev?: boolean;
  /** Everything but the console, for tests that need no pages. */
  withoutConsole?: boolean;
}

export interface RunningProduct {
  installation: Installation;
  /** Only in sandbox mode. */
  sandbox: SandboxAddress | undefined;
  ingressUrl: string;
  consoleUrl: string;
  processes: ReadonlyMap<string, Supervised>;
  /** Ends every process within five seconds, then the databases. */
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Databases, then the sandbox (in sandbox mode), then console, worker and ingress, each as its own process with the rights
 * of its own database role.
 *
 * @throws Error whose message says in a sentence what is wrong and what to do
 */
export async function startProduct(options: ProductOptions): Promise<RunningProduct> {
  const { env, say, isDev = false, withoutConsole = false } = options;
  await requireFreePorts({
    INGRESS_PORT: env.INGRESS_PORT,
    SANDBOX_PORT: env.SANDBOX_PORT,
    ...(!withoutConsole && { CONSOLE_PORT: env.CONSOLE_PORT }),
  });
  const secrets = loadSecrets(env.DATA_DIR, env);
  const installation = await openInstallation(env, secrets);
  const processes = new Map<string, Supervised>();
  const stop = async () => {
    await Promise.all([...processes.values()].map((one) => one.stop()));
    await installation.stop();
  };
  const start = (spec: ProcessSpec) => {
    const running = supervise(spec, say);
    processes.set(spec.name, running);
    return running;
  };
  const spec = processSpecs({ env, installation, isDev });
  try {
    // Whoever was erased stays erased, also where a database was set back to a backup: before anything reads from it.
    const erasedAgain = await asTerminal(installation, secrets, (ctx) =>
      replayErasures(ctx, { journal: erasureJournal(env.DATA_DIR) }),
    );
    if (erasedAgain > 0) say("contraste", `${erasedAgain} erased people had come back with a backup; erased again`);
    // After the databases: whether they can be used shows in a second, and the folder is then ours alone.
    if (!isDev && !withoutConsole) await ensureBuild((line) => say("console", line));
    await asTerminal(installation, secrets, installShippedPolicy);
    let sandbox: SandboxAddress | undefined;
    if (installation.mode === "sandbox") {
      sandbox = (await start(spec.sandbox).firstMessage) as SandboxAddress; // sent by sandbox-process.ts
      await connectSandbox({ env, installation, secrets, sandbox });
    }
    start(spec.ingress);
    start(spec.worker);
    if (!withoutConsole) start(spec.console);
    return {
      installation,
      sandbox,
      ingressUrl: `http://${HOST}:${env.INGRESS_PORT}`,
      consoleUrl: env.CONSOLE_URL,
      processes,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function processSpecs({
  env,
  installation,
  isDev,
}: {
  env: Env;
  installation: Installation;
  isDev: boolean;
}): Record<ProcessSpec["name"], ProcessSpec> {
  const { urls } = installation;
  const shared: NodeJS.ProcessEnv = {
    ...process.env,
    DATA_DIR: env.DATA_DIR,
    KEYSTORE_DATABASE_URL: urls.keystore,
    CONSOLE_PORT: String(env.CONSOLE_PORT),
    INGRESS_PORT: String(env.INGRESS_PORT),
    SANDBOX_PORT: String(env.SANDBOX_PORT),
    SANDBOX_SEED: String(env.SANDBOX_SEED),
    PUBLIC_BASE_URL: env.PUBLIC_BASE_URL,
    CONSOLE_URL: env.CONSOLE_URL,
    WORKER_LEASE_MS: String(env.WORKER_LEASE_MS),
    LOG_PRETTY: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const script = (file: string) =>
    isDev
      ? [join("node_modules", "tsx", "dist", "cli.mjs"), "watch", "--clear-screen=false", file]
      : ["--import", "tsx", file];
  const next = [
    join("node_modules", "next", "dist", "bin", "next"),
    isDev ? "dev" : "start",
    "-H",
    HOST,
    "-p",
    String(env.CONSOLE_PORT),
  ];
  return {
    // Never reloaded: it tells the supervisor where it is over a channel that tsx watch keeps to itself.
    sandbox: { name: "sandbox", args: ["--import", "tsx", "lib/terminal/sandbox-process.ts"], env: shared },
    ingress: { name: "ingress", args: script("lib/ingress/main.ts"), env: { ...shared, DATABASE_URL: urls.ingress } },
    worker: { name: "worker", args: script("lib/worker/main.ts"), env: { ...shared, DATABASE_URL: urls.worker } },
    console: {
      name: "console",
      args: next,
      env: { ...shared, DATABASE_URL: urls.console, NODE_ENV: isDev ? "development" : "production" },
    },
  };
}
