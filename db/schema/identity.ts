import { sql } from "drizzle-orm";
import { check, doublePrecision, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
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
  },
  (table) => [index("auth_sessions_by_user").on(table.userId, table.createdAt)],
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
