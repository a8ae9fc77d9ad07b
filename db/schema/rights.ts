import { sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { contacts } from "./audience";
import { bytea, instant } from "./columns";
import { users } from "./identity";

/** What a person asked for under data protection law, with its clock. Nothing here names them; words are sealed under their key. */
export const rightsRequests = pgTable(
  "rights_requests",
  {
    id: uuid("id").primaryKey(),
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    kind: text("kind", {
      enum: ["access", "portability", "rectification", "erasure", "restriction", "objection"],
    }).notNull(),
    status: text("status", {
      enum: [
        "opened",
        "identity_checked",
        "package_ready",
        "redacted",
        "approved",
        "delivered",
        "erasing",
        "closed",
        "refused",
      ],
    }).notNull(),
    /** ISO 3166: whose clock runs. Null: unknown, the shortest term of those we know is not assumed but GDPR's. */
    jurisdiction: text("jurisdiction"),
    receivedAt: instant("received_at").notNull(),
    dueAt: instant("due_at").notNull(),
    /** Why more time was needed, as a code; the person is told (GDPR 12.3). */
    extendedReason: text("extended_reason"),
    openedBy: uuid("opened_by").references(() => users.id),
    assignedTo: uuid("assigned_to").references(() => users.id),
    identityMethod: text("identity_method", { enum: ["whatsapp", "email_code"] }),
    /** The message of theirs that shows who asks. */
    identityInboundId: uuid("identity_inbound_id"),
    identityCheckedAt: instant("identity_checked_at"),
    identityCheckedBy: uuid("identity_checked_by").references(() => users.id),
    /** What they asked, in their own words, sealed under their key: kept until it is answered. */
    detailsSealed: bytea("details_sealed"),
    redactedBy: uuid("redacted_by").references(() => users.id),
    redactedAt: instant("redacted_at"),
    approvedBy: uuid("approved_by").references(() => users.id),
    approvedAt: instant("approved_at"),
    isSolo: boolean("is_solo").notNull().default(false),
    /** Erasure: blocked until then before the key is shredded; null: shredded at once. */
    blockUntil: instant("block_until"),
    executedAt: instant("executed_at"),
    closedAt: instant("closed_at"),
    closedBy: uuid("closed_by").references(() => users.id),
    refusedReason: text("refused_reason"),
  },
  (table) => [
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    index("rights_requests_open").on(table.dueAt, table.id).where(sql`closed_at is null`),
    index("rights_requests_by_contact").on(table.contactId),
  ],
);

/** One-time codes that whoever reads the person's mailbox can tell. Hash only. */
export const rightsIdentityCodes = pgTable("rights_identity_codes", {
  requestId: uuid("request_id")
    .primaryKey()
    .references(() => rightsRequests.id),
  codeHash: bytea("code_hash").notNull(),
  createdAt: instant("created_at").notNull(),
  expiresAt: instant("expires_at").notNull(),
  failures: integer("failures").notNull().default(0),
  usedAt: instant("used_at"),
});

/** Everything that we hold about the person at one instant, sealed under their key. */
export const rightsPackages = pgTable("rights_packages", {
  requestId: uuid("request_id")
    .primaryKey()
    .references(() => rightsRequests.id),
  contactId: uuid("contact_id").notNull(),
  sealed: bytea("sealed").notNull(),
  sha256: bytea("sha256").notNull(),
  builtAt: instant("built_at").notNull(),
  /** What is left out because it is about somebody else: which item, and why (a code). */
  redactions: jsonb("redactions").$type<{ item: string; reason: string }[]>().notNull().default([]),
});

/** The way in which one person gets their package: once opened, it belongs to that browser. */
export const rightsLinks = pgTable(
  "rights_links",
  {
    tokenHash: bytea("token_hash").primaryKey(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => rightsRequests.id),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    claimHash: bytea("claim_hash"),
    claimedAt: instant("claimed_at"),
    views: integer("views").notNull().default(0),
    lastViewAt: instant("last_view_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("rights_links_by_request").on(table.requestId)],
);

/** Who asked to read blocked data, on which legal ground, and who allowed it (LOPDGDD 32). */
export const rightsBlockedAccesses = pgTable(
  "rights_blocked_accesses",
  {
    id: uuid("id").primaryKey(),
    contactId: uuid("contact_id").notNull(),
    ground: text("ground", { enum: ["court", "prosecutor", "authority", "claim"] }).notNull(),
    reference: text("reference").notNull(),
    askedBy: uuid("asked_by")
      .notNull()
      .references(() => users.id),
    askedAt: instant("asked_at").notNull(),
    allowedBy: uuid("allowed_by").references(() => users.id),
    allowedAt: instant("allowed_at"),
    expiresAt: instant("expires_at"),
  },
  (table) => [index("rights_blocked_accesses_by_contact").on(table.contactId, table.askedAt)],
);

/** What retention removed: written by the function that removes, in the same transaction. */
export const retentionRemovals = pgTable(
  "retention_removals",
  {
    id: uuid("id").primaryKey(),
    what: text("what").notNull(),
    before: instant("before").notNull(),
    removed: integer("removed").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [index("retention_removals_by_time").on(table.at)],
);

/** Records of processing, impact assessment, processors: each saving is a version. */
export const recordVersions = pgTable(
  "record_versions",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: ["ropa", "dpia", "processors"] }).notNull(),
    number: integer("number").notNull(),
    /** What people wrote, by field. */
    texts: jsonb("texts").$type<unknown>().notNull(),
    /** What was generated at that moment from purposes, recipients and terms. */
    generated: jsonb("generated").$type<unknown>().notNull(),
    savedBy: uuid("saved_by").references(() => users.id),
    savedAt: instant("saved_at").notNull(),
  },
  (table) => [uniqueIndex("record_versions_number").on(table.kind, table.number)],
);

/** Personal data breaches (GDPR 33, 34). About people only as counts. */
export const breaches = pgTable(
  "breaches",
  {
    id: uuid("id").primaryKey(),
    detectedAt: instant("detected_at").notNull(),
    nature: text("nature").notNull(),
    categories: text("categories").notNull(),
    peopleCount: integer("people_count"),
    recordsCount: integer("records_count"),
    consequences: text("consequences").notNull(),
    measures: text("measures").notNull(),
    authorityNotifiedAt: instant("authority_notified_at"),
    /** Why the authority was not told, or not within 72 hours. */
    authorityReason: text("authority_reason"),
    peopleNotifiedAt: instant("people_notified_at"),
    peopleReason: text("people_reason"),
    recordedBy: uuid("recorded_by").references(() => users.id),
    recordedAt: instant("recorded_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (table) => [index("breaches_by_time").on(table.detectedAt)],
);

/** Which webhook bodies name a person: by the keyed hash of what they are known by there. Lane from the hash. */
export const webhookInboxContacts = pgTable(
  "webhook_inbox_contacts",
  {
    lane: smallint("lane").notNull(),
    lookup: bytea("lookup").notNull(),
    inboxId: uuid("inbox_id").notNull(),
    inboxLane: smallint("inbox_lane").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.lookup, table.inboxId] })],
);
