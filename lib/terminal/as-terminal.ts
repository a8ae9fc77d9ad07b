import type { Installation } from "@/db/installation";
import type { Secrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";

/** Does something as the terminal, as the databases' owner, while nothing else runs yet; everything is closed afterwards. */
export async function asTerminal<Result>(
  { urls }: Installation,
  secrets: Secrets,
  work: (ctx: Context) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime({
    databaseUrl: urls.owner,
    keystoreUrl: urls.keystore,
    role: "terminal",
    secrets,
    maxConnections: 2,
  });
  try {
    return await work(await runtime.contextFor(systemActor("terminal")));
  } finally {
    await runtime.close();
  }
}
