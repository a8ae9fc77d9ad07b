import { sql } from "drizzle-orm";
import {
  boolean,
  check,
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
import { brands } from "./numbers";

export const purposes = pgTable(
  "purposes",
  {
    id: uuid("id").primaryKey(),
    brandId: uuid("brand_id")
      .notNull()
      .references(() => brands.id),
    key: text("key").notNull(),
    name: text("name").notNull(),
    category: text("category", { enum: ["MARKETING", "UTILITY", "AUTHENTICATION"] }).notNull(),
    dpvIri: text("dpv_iri").notNull().default("dpv:DirectMarketing"),
    lawfulBasis: text("lawful_basis").notNull().default("consent"),
    validityDays: integer("validity_days").notNull().default(730),
    pendingHours: integer("pending_hours").notNull().default(168),
    doubleOptIn: boolean("double_opt_in").notNull().default(false),
    retentionDays: integer("retention_days").notNull().default(1095),
    minAge: integer("min_age"),
    /** How often a person may get something for this purpose, over all campaigns, in 24 hours, 7 and 30 days; null: no cap of its own. */
    perDay: smallint("per_day"),
    perWeek: smallint("per_week"),
    perMonth: smallint("per_month"),
    /** At least so many hours between two of them. */
    spacingHours: smallint("spacing_hours"),
    /** Who left so many in a row unread is left out of campaigns; null: nobody is. */
    unreadLimit: smallint("unread_limit"),
    /** The template with two answers that asks people to confirm (double opt-in); null: nobody is asked over WhatsApp. */
    questionTemplateId: uuid("question_template_id"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("purposes_key").on(table.brandId, table.key),
    check(
      "purposes_caps",
      sql`${table.perDay} > 0 and ${table.perWeek} > 0 and ${table.perMonth} > 0 and ${table.spacingHours} between 1 and 720 and ${table.unreadLimit} between 2 and 20`,
    ),
  ],
);

/** The text people saw when they agreed. Immutable; revoking one makes consents given under it unusable. */
export const wordingVersions = pgTable(
  "wording_versions",
  {
    id: uuid("id").primaryKey(),
    purposeId: uuid("purpose_id")
      .notNull()
      .references(() => purposes.id),
    label: text("label").notNull(),
    language: text("language").notNull(),
    text: text("text").notNull(),
    textSha256: bytea("text_sha256").notNull(),
    controller: text("controller").notNull(),
    privacyNoticeUrl: text("privacy_notice_url").notNull(),
    /** What else people are told (ISO/IEC TS 27560): see `WordingNotice` in lib/consent/wording.ts. */
    notice: jsonb("notice").$type<Record<string, string>>(),
    createdAt: instant("created_at").notNull(),
    revokedAt: instant("revoked_at"),
    revokedReason: text("revoked_reason"),
  },
  (table) => [uniqueIndex("wording_versions_label").on(table.purposeId, table.label, table.language)],
);

/** Append-only: runtime roles may insert and select, nothing else (compliance 1.3). */
export const consentEvents = pgTable(
  "consent_events",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    contactId: uuid("contact_id").notNull(),
    type: text("type", {
      enum: [
        "requested",
        "confirmed",
        "granted",
        "renewed",
        "denied",
        "withdrawn",
        "invalidated",
        "expired",
        "evidence_added",
        "preference_read",
      ],
    }).notNull(),
    purposeId: uuid("purpose_id").references(() => purposes.id),
    scope: text("scope", { enum: ["purpose", "all_marketing", "all"] }).notNull(),
    channel: text("channel").notNull().default("whatsapp"),
    lawfulBasis: text("lawful_basis").notNull().default("consent"),
    jurisdiction: text("jurisdiction"),
    language: text("language"),
    wordingVersionId: uuid("wording_version_id").references(() => wordingVersions.id),
    source: text("source").notNull(),
    sourceClass: text("source_class", { enum: ["A", "B"] }).notNull(),
    isComplete: boolean("is_complete").notNull(),
    evidenceSealed: bytea("evidence_sealed"),
    /** Since when retention has removed the evidence: what the log committed to can no longer be made from this row. */
    evidenceRemovedAt: instant("evidence_removed_at"),
    occurredAt: instant("occurred_at").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id"),
    importId: uuid("import_id"),
    idempotencyKey: text("idempotency_key").notNull(),
    /** The batch of an import is one entry for people of many lanes, so the entry has a lane of its own. */
    entryLane: smallint("entry_lane").notNull(),
    entryId: uuid("entry_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    index("consent_events_by_contact").on(table.lane, table.contactId, table.occurredAt),
    index("consent_events_by_time").on(table.lane, table.recordedAt, table.id),
    uniqueIndex("consent_events_idempotency").on(table.lane, table.idempotencyKey),
    check("consent_events_scope", sql`(${table.scope} = 'purpose') = (${table.purposeId} is not null)`),
  ],
);

/** Projection of the events: fold(events) per contact and purpose; can be dropped and rebuilt (I5). */
export const consentState = pgTable(
  "consent_state",
  {
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    purposeId: uuid("purpose_id")
      .notNull()
      .references(() => purposes.id),
    status: text("status", {
      enum: ["none", "pending", "granted", "denied", "withdrawn", "expired", "invalidated"],
    }).notNull(),
    basisEventId: uuid("basis_event_id"),
    wordingVersionId: uuid("wording_version_id").references(() => wordingVersions.id),
    expiresAt: instant("expires_at"),
    pendingUntil: instant("pending_until"),
    lastOccurredAt: instant("last_occurred_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.contactId, table.purposeId] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    index("consent_state_by_status").on(table.lane, table.purposeId, table.status),
  ],
);

/** What the gate reads: blocks of one contact, in the contact's own lane. Active while `liftedAt` is null and `until` not passed. */
export const contactSuppressions = pgTable(
  "contact_suppressions",
  {
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    kind: text("kind", {
      enum: ["withdrawn", "meta_stop", "review", "complaint", "legal", "external_list", "erased", "test"],
    }).notNull(),
    scope: text("scope", { enum: ["all_marketing", "all"] }).notNull(),
    since: instant("since").notNull(),
    until: instant("until"),
    liftedAt: instant("lifted_at"),
    reasonEventId: uuid("reason_event_id"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.contactId, table.kind] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    index("contact_suppressions_by_time").on(table.since, table.contactId, table.kind).where(sql`lifted_at is null`),
  ],
);

/** The same blocks by keyed hash: they outlive the contact and meet it again when it is imported anew. */
export const suppressionLookups = pgTable(
  "suppression_lookups",
  {
    lane: smallint("lane").notNull(),
    lookup: bytea("lookup").notNull(),
    kind: text("kind").notNull(),
    scope: text("scope").notNull(),
    since: instant("since").notNull(),
    until: instant("until"),
    liftedAt: instant("lifted_at"),
    reasonEventId: uuid("reason_event_id"),
  },
  (table) => [primaryKey({ columns: [table.lane, table.lookup, table.kind] })],
);

/** A page of ours where people agree to one purpose; its address ends in the slug. */
export const optInForms = pgTable("opt_in_forms", {
  id: uuid("id").primaryKey(),
  purposeId: uuid("purpose_id")
    .notNull()
    .references(() => purposes.id),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  createdAt: instant("created_at").notNull(),
  closedAt: instant("closed_at"),
});

/** Where a form is shown: a campaign, a shop, a poster. Each has its own address and QR code. */
export const optInFormTags = pgTable(
  "opt_in_form_tags",
  {
    formId: uuid("form_id")
      .notNull()
      .references(() => optInForms.id),
    tag: text("tag").notNull(),
    label: text("label").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.formId, table.tag] })],
);

/** Which consent events a form brought, and from where. The events themselves keep that sealed. */
export const optInAnswers = pgTable(
  "opt_in_answers",
  {
    lane: smallint("lane").notNull(),
    eventId: uuid("event_id").notNull(),
    formId: uuid("form_id")
      .notNull()
      .references(() => optInForms.id),
    tag: text("tag"),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.eventId] }),
    index("opt_in_answers_by_form").on(table.lane, table.formId),
  ],
);

/** A word that people write to us to agree to a purpose, and the text that stands beside it wherever it is advertised. */
export const optInKeywords = pgTable(
  "opt_in_keywords",
  {
    id: uuid("id").primaryKey(),
    brandId: uuid("brand_id")
      .notNull()
      .references(() => brands.id),
    purposeId: uuid("purpose_id")
      .notNull()
      .references(() => purposes.id),
    wordingVersionId: uuid("wording_version_id")
      .notNull()
      .references(() => wordingVersions.id),
    /** As texts are compared: lower case, without accents and punctuation. */
    keyword: text("keyword").notNull(),
    createdAt: instant("created_at").notNull(),
    retiredAt: instant("retired_at"),
  },
  (table) => [uniqueIndex("opt_in_keywords_one").on(table.brandId, table.keyword).where(sql`retired_at is null`)],
);

/** A block that somebody asked to lift; another officer lifts it or leaves it. One open request a block. */
export const suppressionRemovals = pgTable(
  "suppression_removals",
  {
    id: uuid("id").primaryKey(),
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    kind: text("kind").notNull(),
    reason: text("reason").notNull(),
    askedBy: uuid("asked_by")
      .notNull()
      .references(() => users.id),
    askedAt: instant("asked_at").notNull(),
    decision: text("decision", { enum: ["lifted", "refused"] }),
    decidedBy: uuid("decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    uniqueIndex("suppression_removals_open").on(table.lane, table.contactId, table.kind).where(sql`decision is null`),
  ],
);

/**
 * A consent that somebody holds to be invalid; another officer invalidates it or leaves it. One open request a person and purpose.
 * What was asked concerns the consent of then: `basisEventId` is what it rested on, null for a question that was still open.
 */
export const consentInvalidations = pgTable(
  "consent_invalidations",
  {
    id: uuid("id").primaryKey(),
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    purposeId: uuid("purpose_id")
      .notNull()
      .references(() => purposes.id),
    basisEventId: uuid("basis_event_id"),
    /** Under the contact's key, which an erasure destroys. */
    reasonSealed: bytea("reason_sealed").notNull(),
    askedBy: uuid("asked_by")
      .notNull()
      .references(() => users.id),
    askedAt: instant("asked_at").notNull(),
    decision: text("decision", { enum: ["invalidated", "refused"] }),
    decidedBy: uuid("decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    uniqueIndex("consent_invalidations_open")
      .on(table.lane, table.contactId, table.purposeId)
      .where(sql`decision is null`),
  ],
);

/** A list of numbers that others keep (Robinson lists and the like), as it was taken in. The file is not kept. */
export const exclusionLists = pgTable("exclusion_lists", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  fileSha256: bytea("file_sha256"),
  rowCount: integer("row_count").notNull().default(0),
  /** Numbers that were not blocked by such a list before. */
  addedCount: integer("added_count").notNull().default(0),
  unreadableCount: integer("unreadable_count").notNull().default(0),
  /** Contacts of ours that it names. */
  contactCount: integer("contact_count").notNull().default(0),
  createdBy: uuid("created_by").references(() => users.id),
  createdAt: instant("created_at").notNull(),
  /** Null: it was not read to its end. */
  completedAt: instant("completed_at"),
});
