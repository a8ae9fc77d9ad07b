import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { connectAdmin } from "@/db/provision";
import type { Env } from "@/lib/foundation/env";

export interface FreshPlace {
  env: Env;
  /** Removes what the demo kept on this machine; `folders` are those of its embedded databases. */
  clear(folders: readonly string[]): void;
}

/**
 * A place of the demo's own, with nothing in it: a new data folder, and on a given server a new database beside the
 * configured one, which the demo never touches. What demos that are no longer running left is cleared.
 *
 * @throws Error in one sentence when another demo uses the database
 */
export async function freshPlace(env: Env): Promise<FreshPlace> {
  const demos = join(env.DATA_DIR, "demo");
  mkdirSync(demos, { recursive: true });
  for (const name of readdirSync(demos)) if (!isRunning(Number(name))) rmSync(join(demos, name), { recursive: true });
  const dataDir = join(demos, String(process.pid));
  const own = {
    ...env,
    DATA_DIR: dataDir,
    DATABASE_URL: env.DATABASE_URL && demoUrl(env.DATABASE_URL),
    KEYSTORE_DATABASE_URL: env.KEYSTORE_DATABASE_URL && demoUrl(env.KEYSTORE_DATABASE_URL),
  };
  const left = [own.DATABASE_URL, own.KEYSTORE_DATABASE_URL ?? (own.DATABASE_URL && `${own.DATABASE_URL}_keys`)];
  for (const url of left) if (url) await dropDatabase(url);
  return {
    env: own,
    clear: (folders) => {
      for (const folder of [...folders, dataDir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function demoUrl(url: string): string {
  const own = new URL(url);
  own.pathname += "_demo";
  return own.href;
}

async function dropDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const admin = await connectAdmin(url);
  try {
    await refuseLive(url, name);
    await admin`drop database if exists ${admin(name)}`;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== "55006") throw error;
    throw new Error(`The database ${name} is in use by another demo; stop that one first.`, { cause: error });
  } finally {
    await admin.end();
  }
}

/** What somebody else keeps under the demo's name is not the demo's to drop. */
async function refuseLive(url: string, name: string): Promise<void> {
  const own = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await own`select mode from installation`;
    if (row?.mode === "live")
      throw new Error(`The database ${name} holds a live installation; rename it, the demo uses that name.`);
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error; // no such database or table: nothing to protect
  } finally {
    await own.end();
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
