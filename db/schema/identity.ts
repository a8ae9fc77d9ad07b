import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";

export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    passwordHash: text("password_hash"),
    roles: text("roles").array().notNull(),
    locale: text("locale").notNull().default("es"),
    region: text("region").notNull().default("es-ES"),
    createdAt: instant("created_at").notNull(),
    disabledAt: instant("disabled_at"),
  },
  (table) => [
    uniqueIndex("users_email_unique").on(sql`lower(${table.email})`),
    check(
      "users_roles",
      sql`${table.roles} <@ array['owner','admin','marketer','approver','compliance','executive']::text[] and cardinality(${table.roles}) > 0`,
    ),
  ],
);

/** Sessions live here; the cookie only carries the id whose SHA-256 is the key. Real time, not business time. */
export const authSessions = pgTable(
  "auth_sessions",
  {
    sidHash: bytea("sid_hash").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    userAgent: text("user_agent"),
    revokedAt: instant("revoked_at"),
    /** When its person last showed the second factor; without it, a session of somebody who has one opens nothing. */
    mfaAt: instant("mfa_at"),
  },
  (table) => [index("auth_sessions_by_user").on(table.userId, table.createdAt)],
);

/** The authenticator app of a person. Until it is confirmed with a code it counts for nothing. */
export const secondFactors = pgTable("second_factors", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id),
  sealedSecret: bytea("sealed_secret").notNull(),
  createdAt: instant("created_at").notNull(),
  confirmedAt: instant("confirmed_at"),
  /** The last period of 30 seconds whose code was used: neither it nor an earlier one is used again. */
  lastStep: bigint("last_step", { mode: "number" }),
});

/** What lets a person in who has lost the app: keyed hashes, each used once. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    codeHash: bytea("code_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [primaryKey({ columns: [table.userId, table.codeHash] })],
);

/** An invitation to join or a reset of a password: a link that works once. */
export const accessLinks = pgTable(
  "access_links",
  {
    tokenHash: bytea("token_hash").primaryKey(),
    kind: text("kind", { enum: ["invitation", "reset"] }).notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("access_links_by_user").on(table.userId)],
);

/** Failed sign-ins of the last minutes, by account and by address hash: the growing delay reads them. */
export const signInFailures = pgTable("sign_in_failures", {
  key: bytea("key").primaryKey(),
  failures: integer("failures").notNull(),
  firstAt: instant("first_at").notNull(),
  lastAt: instant("last_at").notNull(),
});

export const apiKeys = pgTable("api_keys", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  publicPart: text("public_part").notNull().unique(),
  secretHash: bytea("secret_hash").notNull(),
  scopes: text("scopes").array().notNull(),
  createdBy: uuid("created_by").references(() => users.id),
  createdAt: instant("created_at").notNull(),
  expiresAt: instant("expires_at").notNull(),
  lastUsedAt: instant("last_used_at"),
  revokedAt: instant("revoked_at"),
});

/**
 * What a write of a program was answered, for a day: the same again under the same Idempotency-Key gets the same answer.
 * Without a status it is still being done. Real time.
 */
export const apiAnswers = pgTable(
  "api_answers",
  {
    keyId: uuid("key_id")
      .notNull()
      .references(() => apiKeys.id),
    idempotencyKey: text("idempotency_key").notNull(),
    requestHash: bytea("request_hash").notNull(),
    status: integer("status"),
    sealedBody: bytea("sealed_body"),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.idempotencyKey] }), index("api_answers_by_time").on(table.at)],
);

/** What people did in the console, readable; each row has its entry in the ledger. No personal data of contacts. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: uuid("id").primaryKey(),
    at: instant("at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id"),
    type: text("type").notNull(),
    subject: text("subject"),
    data: text("data").notNull(),
    entryLane: integer("entry_lane").notNull(),
    entryId: uuid("entry_id").notNull(),
  },
  (table) => [index("audit_events_by_time").on(table.at), index("audit_events_by_subject").on(table.subject, table.at)],
);

/** How often somebody without a sign-in may still come: one bucket per thing and keyed hash of the address. Real time. */
export const rateBuckets = pgTable(
  "rate_buckets",
  {
    key: bytea("key").primaryKey(),
    tokens: doublePrecision("tokens").notNull(),
    takenAt: instant("taken_at").notNull(),
  },
  (table) => [index("rate_buckets_by_time").on(table.takenAt)],
);
