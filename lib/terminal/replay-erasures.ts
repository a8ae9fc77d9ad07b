import type { Installation } from "@/db/installation";
import type { Secrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { openRuntime } from "@/lib/identity/runtime";
import { replayErasures } from "@/lib/rights/commands/erase-person";
import { erasureJournal } from "@/lib/rights/erasure-journal";

/** Whoever was erased stays erased, also where a database was set back to a backup: before anything reads from it. */
export async function replayJournal(installation: Installation, secrets: Secrets, dataDir: string): Promise<number> {
  const runtime = await openRuntime({
    databaseUrl: installation.urls.owner,
    keystoreUrl: installation.urls.keystore,
    role: "terminal",
    secrets,
    maxConnections: 1,
  });
  try {
    const ctx = await runtime.contextFor(systemActor("terminal"));
    return await replayErasures(ctx, { journal: erasureJournal(dataDir) });
  } finally {
    await runtime.close();
  }
}
