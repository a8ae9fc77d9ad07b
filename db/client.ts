import { type SQL, sql } from "drizzle-orm";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { ARRAY_TYPES, arrayLiteral, parseArray } from "./arrays";
import * as audience from "./schema/audience";
import * as campaigns from "./schema/campaigns";
import * as consent from "./schema/consent";
import * as conversations from "./schema/conversations";
import * as identity from "./schema/identity";
import * as imports from "./schema/imports";
import * as installation from "./schema/installation";
import * as intake from "./schema/intake";
import * as ledger from "./schema/ledger";
import * as notices from "./schema/notices";
import * as numbers from "./schema/numbers";
import * as policies from "./schema/policies";
import * as reporting from "./schema/reporting";
import * as results from "./schema/results";
import * as rights from "./schema/rights";
import * as segments from "./schema/segments";
import * as sending from "./schema/sending";
import * as templates from "./schema/templates";
import * as tracking from "./schema/tracking";

/** Every table of the house, in one object: `db/schema/*.ts`. */
export const schema = {
  ...audience,
  ...campaigns,
  ...consent,
  ...conversations,
  ...identity,
  ...imports,
  ...installation,
  ...intake,
  ...ledger,
  ...notices,
  ...numbers,
  ...policies,
  ...reporting,
  ...results,
  ...rights,
  ...segments,
  ...sending,
  ...templates,
  ...tracking,
};

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
    fetch_types: false, // array types are ours, see arrays.ts
    connection: {
      application_name: `contraste ${role}`,
      TimeZone: "UTC",
      statement_timeout: STATEMENT_TIMEOUT_MS[role],
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  const db = drizzle(client, { schema });
  convertValues(client.options);
  return { db, close: () => client.end({ timeout: CLOSE_TIMEOUT_SECONDS }) };
}

type Converters = Record<number, (value: unknown) => unknown>;

/** drizzle lets dates and JSON through as they are, because its columns convert them; raw SQL has no columns. */
function convertValues(options: { serializers: Converters; parsers: Converters }): void {
  for (const timestamp of [1082, 1114, 1184]) {
    options.serializers[timestamp] = (value) => (value instanceof Date ? value.toISOString() : value);
  }
  for (const json of [114, 3802]) {
    options.serializers[json] = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  }
  for (const [oid, element] of Object.entries(ARRAY_TYPES)) {
    options.parsers[Number(oid)] = (value) => parseArray(String(value), element);
    options.serializers[Number(oid)] = (value) => (Array.isArray(value) ? arrayLiteral(value) : value);
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
  const literal = arrayLiteral(values, type === "jsonb");
  return sql`${literal}::${sql.raw(type)}[]`;
}
