import { connect, type ProcessRole } from "@/db/client";
import type { Secrets } from "@/lib/foundation/secrets";
import { openKeystore } from "@/lib/keystore/keystore";
import type { Actor } from "./actor";
import { type AppClock, appClock } from "./clock";
import type { Context, ContextSecrets } from "./context";

/** What a process opens once: its database, the key store, the clock. Contexts are made from it. */
export interface Runtime {
  /** A context for one request or one job; the clock is read again when its reading is older than two seconds. */
  contextFor(actor: Actor): Promise<Context>;
  readonly clock: AppClock;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  /** The database as this process's own role. */
  databaseUrl: string;
  keystoreUrl: string;
  role: ProcessRole;
  secrets: Secrets;
  maxConnections?: number;
}

/** Opens everything that contexts need. Whoever opens it closes it. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { databaseUrl, keystoreUrl, role, maxConnections } = options;
  const { lookupKey, keyEncryptionKey, linkKey } = options.secrets;
  const secrets: ContextSecrets = { lookupKey, keyEncryptionKey, linkKey };
  const connection = connect(databaseUrl, { role, max: maxConnections });
  const keys = openKeystore(keystoreUrl, keyEncryptionKey);
  const close = async () => {
    await Promise.all([connection.close(), keys.close()]);
  };
  try {
    const clock = await appClock(connection.db);
    return {
      clock,
      close,
      async contextFor(actor) {
        await clock.keepFresh();
        return { actor, now: clock.now, db: connection.db, keys, secrets };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
