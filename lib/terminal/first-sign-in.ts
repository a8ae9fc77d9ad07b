import type { Installation } from "@/db/installation";
import type { Env } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { createFirstOwner } from "@/lib/identity/commands/create-first-owner";
import { asTerminal } from "./as-terminal";

const OWNER = { email: "owner@contraste.local", name: "Owner" };

/** Makes the owner of an installation that has nobody yet. The password is shown once and kept nowhere. */
export async function firstSignIn(
  installation: Installation,
  env: Env,
): Promise<{ email: string; password: string } | undefined> {
  const secrets = loadSecrets(env.DATA_DIR, env);
  const owner = await asTerminal(installation, secrets, (ctx) => createFirstOwner(ctx, OWNER));
  return owner && { email: OWNER.email, password: owner.password };
}
