import { parseArgs } from "node:util";
import { EnvError, readEnv } from "@/lib/foundation/env";
import { firstSignIn } from "./first-sign-in";
import { prefixed } from "./prefixed";
import { startProduct } from "./product";

/** `npm start` and `npm run dev`: the whole product until Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });
  const env = readEnv();
  const say = prefixed(process.stdout);
  const stopping = new AbortController();
  let product: Awaited<ReturnType<typeof startProduct>> | undefined;
  const stop = () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    say("contraste", "stopping");
    void product?.stop().then(() => process.exit(0));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  product = await startProduct({ env, say, isDev: values.dev }).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
    return undefined; // Ctrl-C reached what was being started, too: that it broke off is no news
  });
  if (!product) process.exit(0);
  if (stopping.signal.aborted) return product.stop().then(() => process.exit(0));
  const owner = await firstSignIn(product.installation, env);
  say("contraste", `console: ${product.consoleUrl} · ${product.installation.mode} · Ctrl-C stops`);
  if (owner) say("contraste", `sign in as ${owner.email} with ${owner.password} (shown once)`);
}

main().catch((error: unknown) => {
  // Expected refusals are one sentence each; a stack would hide it.
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof EnvError ? message : `Contraste did not start. ${message}`);
  process.exit(1);
});
