import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** Every table of the house, in one object: `db/schema/*.ts`. */
export const schema = {};

/** The database, or a transaction on it: whoever takes a `Db` does not care which. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>;

/** Who connects: shown as the application name, and decides how long a statement may take. */
export type ProcessRole = "owner" | "console" | "ingress" | "worker" | "terminal" | "test";

export interface Connection {
  readonly db: Db;
  /** Waits up to five seconds for running statements, then cuts them. Safe to call twice. */
  close(): Promise<void>;
}

/** The longest a statement may run, in milliseconds: people and webhooks wait for the first two, nobody for the rest. */
const STATEMENT_TIMEOUT_MS: Record<ProcessRole, number> = {
  console: 15_000,
  ingress: 10_000,
  worker: 300_000,
  terminal: 600_000,
  owner: 0,
  test: 60_000,
};
/** A transaction that its process forgot must not hold locks and old rows for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const CONNECT_TIMEOUT_SECONDS = 10;
const CLOSE_TIMEOUT_SECONDS = 5;

/**
 * A pool of at most `max` connections, opened when first needed.
 *
 * Raw SQL goes through `db.execute(sql`…`)`: rows come back as an array; timestamps, numeric and bigint as strings,
 * jsonb as values, bytea as Buffers. Parameters may be strings, numbers, bigints, booleans, Dates, Buffers, null and
 * plain objects for jsonb; lists go through `array()`.
 */
export function connect(
  url: string,
  { max = 10, role = "terminal" }: { max?: number; role?: ProcessRole } = {},
): Connection {
  const client = postgres(url, {
    max,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: `contraste ${role}`,
      TimeZone: "UTC",
      statement_timeout: STATEMENT_TIMEOUT_MS[role],
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  const db = drizzle(client, { schema });
  writeDatesAndJson(client.options.serializers);
  return { db, close: () => client.end({ timeout: CLOSE_TIMEOUT_SECONDS }) };
}

/** drizzle makes these writers pass values through, because its columns convert them; raw SQL has no columns. */
function writeDatesAndJson(serializers: Record<number, (value: unknown) => unknown>): void {
  for (const timestamp of [1082, 1114, 1184]) {
    serializers[timestamp] = (value) => (value instanceof Date ? value.toISOString() : value);
  }
  for (const json of [114, 3802]) {
    serializers[json] = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  }
}

type ArrayType =
  | "uuid"
  | "text"
  | "int"
  | "smallint"
  | "bigint"
  | "double precision"
  | "boolean"
  | "timestamptz"
  | "date"
  | "jsonb"
  | "bytea";

/**
 * A list as one parameter, `$1::uuid[]`, whatever its length and with null elements: for `= any(…)` and `unnest(…)`.
 * Dates become timestamps, Buffers bytea, objects jsonb.
 */
export function array(values: readonly unknown[], type: ArrayType): SQL {
  const literal = `{${values.map((value) => element(value, type)).join(",")}}`;
  return sql`${literal}::${sql.raw(type)}[]`;
}

function element(value: unknown, type: ArrayType): string {
  if (value === null || value === undefined) return "NULL";
  if (type === "jsonb") return quoted(JSON.stringify(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return quoted(`\\x${Buffer.from(value).toString("hex")}`);
  return quoted(String(value));
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
