import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";

/**
 * The log's origin and the name of its key: `<instance name>/<mode>`, with a dash where a key name may hold no character
 * (spaces and "+"). It is hashed into every leaf, so the instance's name never changes.
 */
export async function logOrigin(db: Db): Promise<string> {
  const [row] = await db.execute<{ name: string; mode: string }>(sql`select name, mode from installation`);
  if (!row) throw new Error("This database has no installation row: it was not set up");
  return originOf(row.name, row.mode);
}

export function originOf(name: string, mode: string): string {
  return `${name.trim().replaceAll(/[\s+]+/gu, "-")}/${mode}`;
}
