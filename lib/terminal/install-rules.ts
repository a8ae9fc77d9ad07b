import type { Installation } from "@/db/installation";
import type { Secrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { openRuntime } from "@/lib/identity/runtime";
import { installShippedPolicy } from "@/lib/policies/commands/install-shipped-policy";

/** Gives a fresh installation the rules of sending that are shipped: without any, nothing would leave. Safe at every start. */
export async function installRules(installation: Installation, secrets: Secrets): Promise<void> {
  const runtime = await openRuntime({
    databaseUrl: installation.urls.owner,
    keystoreUrl: installation.urls.keystore,
    role: "terminal",
    secrets,
    maxConnections: 1,
  });
  try {
    await installShippedPolicy(await runtime.contextFor(systemActor("terminal")));
  } finally {
    await runtime.close();
  }
}
