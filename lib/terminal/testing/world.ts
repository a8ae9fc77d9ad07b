import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Env, readEnv } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime, type Runtime } from "@/lib/identity/runtime";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { type Cast, castPeople } from "../demo/cast";
import { type DemoClock, demoClock, tuesdayMorning } from "../demo/clock";
import { inventPrices } from "../demo/scenario";
import { BASE_RATE, demoVariants } from "../demo/texts";
import { freePort } from "../ports";
import type { Say } from "../processes";
import { type RunningProduct, startProduct } from "../product";

export interface World {
  product: RunningProduct;
  /** The owner's context, for arranging and looking. */
  terminal: Context;
  control: ReturnType<typeof createSandboxControl>;
  clock: DemoClock;
  cast: Cast;
  env: Env;
  /** Stops everything and leaves nothing behind. */
  close(): Promise<void>;
}

export interface WorldOptions {
  seed: number;
  say: Say;
  withoutConsole?: boolean;
  /** More of the configuration, as the environment would give it. */
  env?: Readonly<Record<string, string>>;
}

/**
 * A product of its own in a temporary folder, on free ports, with a fresh sandbox on a Tuesday morning, people of every
 * role, prices, and the demo's two texts known to the sandbox. For whatever needs the whole product and not the demo.
 */
export async function startWorld({ seed, say, withoutConsole = false, env: given = {} }: WorldOptions): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "contraste-world-"));
  chmodSync(dataDir, 0o711); // root's servers run as another user, who has to pass through
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const env = readEnv({
      CONSOLE_PORT: String(await freePort()),
      INGRESS_PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      DATA_DIR: dataDir,
      SANDBOX_SEED: String(seed),
      ...given,
    });
    closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const product = await startProduct({ env, say, withoutConsole });
    closers.push(async () => {
      await product.stop();
      for (const folder of product.installation.folders) rmSync(folder, { recursive: true, force: true });
    });
    const open = async (databaseUrl: string): Promise<Runtime> => {
      const runtime = await openRuntime({
        databaseUrl,
        keystoreUrl: product.installation.urls.keystore,
        role: "terminal",
        secrets: loadSecrets(env.DATA_DIR, env),
        maxConnections: 4,
      });
      closers.push(() => runtime.close());
      return runtime;
    };
    const owner = await open(product.installation.urls.owner);
    const terminal = await owner.contextFor(systemActor("terminal"));
    if (!product.sandbox) throw new Error("a new installation starts in the sandbox");
    const control = createSandboxControl(product.sandbox);
    closers.push(() => control.close());
    const clock = demoClock(terminal, control);
    await clock.set(tuesdayMorning(new Date()), 1);
    await owner.clock.refresh(); // Whoever acts through `terminal` acts on that Tuesday.
    await inventPrices(terminal);
    await control.changeWorld({
      arms: Object.fromEntries(demoVariants(env.PUBLIC_BASE_URL).map(({ name, behaviour }) => [name, behaviour])),
      purchases: { baseRate: BASE_RATE, currency: "EUR", medianMicros: 38_000_000, spread: 0.5 },
      reviewSeconds: 1,
    });
    const cast = await castPeople(terminal, await open(product.installation.urls.console));
    return { product, terminal, control, clock, cast, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}
