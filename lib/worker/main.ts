import { readEnv } from "@/lib/foundation/env";
import { log, safeMessage } from "@/lib/foundation/log";
import { loadSecrets } from "@/lib/foundation/secrets";
import { witnessesOf } from "./witnesses";
import { startWorker } from "./worker";

// Entry of the worker process. The supervisor gives the addresses of this process's own role.
const env = readEnv();
if (!env.DATABASE_URL || !env.KEYSTORE_DATABASE_URL) {
  throw new Error("DATABASE_URL and KEYSTORE_DATABASE_URL are both needed by the worker; npm start sets them");
}
const worker = await startWorker({
  databaseUrl: env.DATABASE_URL,
  keystoreUrl: env.KEYSTORE_DATABASE_URL,
  secrets: loadSecrets(env.DATA_DIR, env),
  dataDir: env.DATA_DIR,
  leaseMs: env.WORKER_LEASE_MS,
  witnesses: witnessesOf(env),
  operationsPort: env.WORKER_PORT,
});

let isStopping = false;
// `disconnect`: the supervisor is gone, and nothing may go on without it.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error("worker.stop_failed", { error: safeMessage(error) });
        process.exit(1);
      },
    );
  });
}
