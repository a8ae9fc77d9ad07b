import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";

/** How long the key before goes on signing beside a new one (compliance/design.md 2.3). */
const OVERLAP_DAYS = 30;

export interface LogKey {
  verifierKey: string;
  startedAt: Date;
  /** Until when it signs beside its successor; null for the one in use. */
  endsAt: Date | null;
}

/** Every key that this log has signed with, the newest first. Uses real time. */
export async function listLogKeys(db: Db): Promise<LogKey[]> {
  const rows = await db.execute<{ key: string; started: string; ends: string | null }>(sql`
    select verifier_key as key, started_at as started, ends_at as ends from log_keys order by started_at desc, key`);
  return rows.map(({ key, started, ends }) => ({
    verifierKey: key,
    startedAt: new Date(started),
    endsAt: ends === null ? null : new Date(ends),
  }));
}

/** The verifier keys (`name+hash+base64`) whose signatures are the log's own, the newest first. */
export async function logVerifierKeys(db: Db): Promise<string[]> {
  return (await listLogKeys(db)).map(({ verifierKey }) => verifierKey);
}

/**
 * Makes this the key in use. One that was in use before signs beside it for thirty days. Answers which one that was;
 * undefined when nothing changed or it is the first. Call it in a transaction.
 */
export async function startLogKey(db: Db, verifierKey: string): Promise<string | undefined> {
  const [added] = await db.execute<{ key: string }>(sql`
    insert into log_keys (verifier_key, started_at) values (${verifierKey}, now()) on conflict do nothing
    returning verifier_key as key`);
  if (!added) return undefined;
  const [before] = await db.execute<{ key: string }>(sql`
    update log_keys set ends_at = now() + make_interval(days => ${OVERLAP_DAYS})
    where ends_at is null and verifier_key <> ${verifierKey} returning verifier_key as key`);
  return before?.key;
}
