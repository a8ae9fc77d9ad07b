import { join } from "node:path";
import { readEnv } from "@/lib/foundation/env";
import { log } from "@/lib/foundation/log";
import { loadSecrets } from "@/lib/foundation/secrets";
import { startSandbox } from "@/lib/whatsapp/sandbox/server";

// Entry of the sandbox process of a sandbox installation: the same server as `npm run sandbox`, which keeps its world in
// the data folder. Tells the supervisor where it is and how to sign in.
const env = readEnv();
const { sandboxAppSecret } = loadSecrets(env.DATA_DIR, env);
const sandbox = await startSandbox({
  port: env.SANDBOX_PORT,
  dataDir: join(env.DATA_DIR, "sandbox"),
  appSecret: sandboxAppSecret,
  seed: env.SANDBOX_SEED,
});
const { url, token, wabaId, phoneNumberId } = sandbox;
log.info("sandbox.started", { url });
process.send?.({ url, token, wabaId, phoneNumberId });

function stop(): void {
  sandbox.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal, stop);
