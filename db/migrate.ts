import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { migrateJobs } from "@/lib/jobs/migrate";

const MIGRATIONS = fileURLToPath(new URL("../drizzle", import.meta.url));

/**
 * Brings a database to the newest schema, as its owner: the migrations of `drizzle/`, then the job queue's own.
 * Safe to repeat; whoever calls it holds the provisioning lock.
 */
export async function migrateDatabase(ownerUrl: string): Promise<void> {
  const client = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    await client.end();
  }
  await migrateJobs(ownerUrl);
}
