import type { Installation } from "@/db/installation";
import type { Env } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { createFirstOwner } from "@/lib/identity/commands/create-first-owner";
import { openRuntime } from "@/lib/identity/runtime";

const OWNER = { email: "owner@contraste.local", name: "Owner" };

/** Makes the owner of an installation that has nobody yet. The password is shown once and kept nowhere. */
export async function firstSignIn(
  installation: Installation,
  env: Env,
): Promise<{ email: string; password: string } | undefined> {
  const runtime = await openRuntime({
    databaseUrl: installation.urls.owner,
    keystoreUrl: installation.urls.keystore,
    role: "terminal",
    secrets: loadSecrets(env.DATA_DIR, env),
    maxConnections: 1,
  });
  try {
    const owner = await createFirstOwner(await runtime.contextFor(systemActor("terminal")), OWNER);
    return owner && { email: OWNER.email, password: owner.password };
  } finally {
    await runtime.close();
  }
}
