import { readEnv } from "@/lib/foundation/env";
import { changeSigningKey } from "@/lib/foundation/secrets";

/** `npm run rekey`: a new key for the log, made on this machine. The worker signs with both for thirty days. */
function main() {
  const env = readEnv();
  if (env.LOG_SIGNING_KEY) {
    throw new Error(
      "The key comes from LOG_SIGNING_KEY. Put it into LOG_SIGNING_KEY_BEFORE, a new one into LOG_SIGNING_KEY, and start again.",
    );
  }
  changeSigningKey(env.DATA_DIR);
  console.log(
    "The log has a new key. Start the product again: it signs with both for thirty days and logs the change.",
  );
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
