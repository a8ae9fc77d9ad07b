import { is } from "drizzle-orm";
import { PgTransaction } from "drizzle-orm/pg-core";
import type { Db } from "@/db/client";
import type { Secrets } from "@/lib/foundation/secrets";
import type { Keystore } from "@/lib/keystore/keystore";
import type { Actor } from "./actor";

/** The secrets that rules need. The key that signs the log is not among them: only the worker reads that one. */
export type ContextSecrets = Pick<Secrets, "lookupKey" | "keyEncryptionKey" | "linkKey">;

/** Who acts, when and where. Every command and query takes it first; tests bring their own clock and transaction. */
export interface Context {
  readonly actor: Actor;
  /** Business time (decision 10): what rules compare with. Real time is for sessions, leases and time-outs only. */
  now(): Date;
  readonly db: Db;
  readonly keys: Keystore;
  readonly secrets: ContextSecrets;
}

/**
 * Runs `work` in one transaction: the same context, whose `db` is the transaction. A call inside another joins it,
 * so a command that calls a command still commits once or not at all.
 */
export async function transaction<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  if (is(ctx.db, PgTransaction)) return work(ctx);
  return ctx.db.transaction((db) => work({ ...ctx, now: () => ctx.now(), db }));
}

/** The same place and clock, acted on by somebody else: a job that ends as the person who asked for it, a test. */
export function actingAs(ctx: Context, actor: Actor): Context {
  return { ...ctx, now: () => ctx.now(), actor };
}
