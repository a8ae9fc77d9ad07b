import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Db } from "@/db/client";
import { startEmbeddedPostgres } from "@/db/embedded";
import { type DatabaseUrls, provision, provisionKeystore } from "@/db/provision";
import { loadSecrets, type Secrets } from "@/lib/foundation/secrets";

/** A fresh, durable database of a benchmark's own. */
export interface BenchPlace {
  /** As the owner. */
  db: Db;
  urls: DatabaseUrls;
  keystoreUrl: string;
  dataDir: string;
  secrets: Secrets;
  close(): Promise<void>;
}

export async function benchPlace(): Promise<BenchPlace> {
  const dataDir = mkdtempSync(join(tmpdir(), "contraste-bench-"));
  chmodSync(dataDir, 0o711); // root's server runs as another user, who has to pass through
  const secrets = loadSecrets(dataDir);
  const passwords = secrets.databasePasswords;
  const server = await startEmbeddedPostgres({ dataDir, name: "postgres", password: passwords.superuser });
  const remove = async () => {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true }); // may lie outside dataDir
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const at = { adminUrl: server.url, passwords };
    const urls = await provision({ ...at, database: "bench", mode: "sandbox", name: "bench.contraste.local" });
    const keystoreUrl = await provisionKeystore({ ...at, database: "bench_keys" });
    const connection = connect(urls.owner, { max: 4, role: "owner" });
    const close = async () => {
      await connection.close();
      await remove();
    };
    return { db: connection.db, urls, keystoreUrl, dataDir, secrets, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
