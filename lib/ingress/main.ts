import { readEnv } from "@/lib/foundation/env";
import { log } from "@/lib/foundation/log";
import { loadSecrets } from "@/lib/foundation/secrets";
import { startIngress } from "./ingress";

// Entry of the ingress process. The supervisor gives the addresses of this process's own role.
const env = readEnv();
if (!env.DATABASE_URL || !env.KEYSTORE_DATABASE_URL) {
  throw new Error("DATABASE_URL and KEYSTORE_DATABASE_URL are both needed by the ingress; npm start sets them");
}
const ingress = await startIngress({
  databaseUrl: env.DATABASE_URL,
  keystoreUrl: env.KEYSTORE_DATABASE_URL,
  secrets: loadSecrets(env.DATA_DIR, env),
  host: "127.0.0.1",
  port: env.INGRESS_PORT,
});
log.info("ingress.started", { url: ingress.url });

// `disconnect`: the supervisor is gone, and nothing may go on without it.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) {
  process.once(signal, () => {
    ingress.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
