import { bigint, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { users } from "./identity";
import { phoneNumbers } from "./numbers";

/** A message template of a WABA, with Meta's status as it came. */
export const templates = pgTable(
  "templates",
  {
    id: uuid("id").primaryKey(),
    numberId: uuid("number_id")
      .notNull()
      .references(() => phoneNumbers.id),
    wabaId: text("waba_id").notNull(),
    metaId: text("meta_id"),
    name: text("name").notNull(),
    language: text("language").notNull(),
    category: text("category").notNull(),
    status: text("status").notNull(),
    quality: text("quality").notNull().default("UNKNOWN"),
    rejectedReason: text("rejected_reason"),
    parameterFormat: text("parameter_format", { enum: ["POSITIONAL", "NAMED"] })
      .notNull()
      .default("POSITIONAL"),
    components: jsonb("components").$type<unknown>().notNull(),
    componentsSha256: bytea("components_sha256").notNull(),
    /** Why it is paused, as Meta titles it: `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`. */
    pauseTitle: text("pause_title"),
    /** The category that Meta announced, and when it takes effect. */
    nextCategory: text("next_category"),
    nextCategoryAt: instant("next_category_at"),
    /** When Meta disabled it, or will. */
    disabledAt: instant("disabled_at"),
    /** How long Meta tries to deliver, in seconds; null: Meta's default of the category. */
    ttlSeconds: integer("ttl_seconds"),
    /** The file that stands in each media header unless a campaign chooses another, by place: `header.media`. */
    media: jsonb("media").$type<Record<string, string>>().notNull().default({}),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    syncedAt: instant("synced_at"),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    uniqueIndex("templates_name").on(table.wabaId, table.name, table.language),
    index("templates_meta_id").on(table.metaId),
  ],
);

/** Every text a template ever had, so that what somebody received can be shown word for word. */
export const templateVersions = pgTable(
  "template_versions",
  {
    templateId: uuid("template_id")
      .notNull()
      .references(() => templates.id),
    componentsSha256: bytea("components_sha256").notNull(),
    components: jsonb("components").$type<unknown>().notNull(),
    since: instant("since").notNull(),
  },
  (table) => [primaryKey({ columns: [table.templateId, table.componentsSha256] })],
);

/** What happened to a template, in the order in which we learnt of it. */
export const templateEvents = pgTable(
  "template_events",
  {
    id: uuid("id").primaryKey(),
    templateId: uuid("template_id")
      .notNull()
      .references(() => templates.id),
    at: instant("at").notNull(),
    kind: text("kind", {
      enum: ["created", "edited", "unpaused", "deleted", "status", "quality", "category", "category_notice", "text"],
    }).notNull(),
    source: text("source", { enum: ["person", "webhook", "sync"] }).notNull(),
    was: text("was"),
    became: text("became"),
    /** Meta's own words and dates, as they came. */
    detail: jsonb("detail").$type<Record<string, string | number | null>>().notNull().default({}),
    by: uuid("by").references(() => users.id),
  },
  (table) => [index("template_events_of").on(table.templateId, table.at, table.id)],
);

/** A template that is being written: kept until Meta has taken it. */
export const templateDrafts = pgTable(
  "template_drafts",
  {
    id: uuid("id").primaryKey(),
    /** The template that it will change; null: a new one. */
    templateId: uuid("template_id").references(() => templates.id),
    /** As the form holds it. */
    content: jsonb("content").$type<unknown>().notNull(),
    /** Why Meta has not taken it: code and words of the last try. */
    refusal: jsonb("refusal").$type<Record<string, string | number | boolean | null>>(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("template_drafts_by_time").on(table.updatedAt)],
);

/** Pictures, videos and documents of messages, at most 16 MB each; a file that comes twice is one. */
export const mediaAssets = pgTable(
  "media_assets",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: ["image", "video", "document"] }).notNull(),
    fileName: text("file_name").notNull(),
    mimeType: text("mime_type").notNull(),
    byteSize: integer("byte_size").notNull(),
    sha256: bytea("sha256").notNull(),
    bytes: bytea("bytes").notNull(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [uniqueIndex("media_assets_sha256").on(table.sha256)],
);

/** Under which id Meta keeps a file for a number; it forgets it after 30 days. */
export const mediaUploads = pgTable(
  "media_uploads",
  {
    mediaId: uuid("media_id")
      .notNull()
      .references(() => mediaAssets.id),
    numberId: uuid("number_id")
      .notNull()
      .references(() => phoneNumbers.id),
    metaId: text("meta_id").notNull(),
    uploadedAt: instant("uploaded_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.mediaId, table.numberId] })],
);

/** What Meta counted for a template on a UTC day: a row for each pull that said something else than the one before. */
export const templateAnalyticsDays = pgTable(
  "template_analytics_days",
  {
    templateId: uuid("template_id")
      .notNull()
      .references(() => templates.id),
    product: text("product").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    pulledAt: instant("pulled_at").notNull(),
    sent: bigint("sent", { mode: "number" }).notNull(),
    delivered: bigint("delivered", { mode: "number" }).notNull(),
    read: bigint("read", { mode: "number" }).notNull(),
    /** By type: `quick_reply_button`, `url_button`, `unique_url_button`. */
    clicked: jsonb("clicked").$type<Record<string, number>>().notNull(),
    /** Of `amount_spent`, in the account's currency; null: not told. */
    spentMicros: bigint("spent_micros", { mode: "number" }),
  },
  (table) => [
    primaryKey({
      name: "template_analytics_days_pk",
      columns: [table.templateId, table.product, table.day, table.pulledAt],
    }),
  ],
);

/** What Meta charges an account by day, country, kind and tier; a row for each pull that said something else. */
export const pricingAnalyticsDays = pgTable(
  "pricing_analytics_days",
  {
    wabaId: text("waba_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    country: text("country").notNull(),
    pricingType: text("pricing_type").notNull(),
    category: text("category").notNull(),
    /** `lower:upper`; empty for messages that cost nothing. */
    tier: text("tier").notNull(),
    pulledAt: instant("pulled_at").notNull(),
    volume: bigint("volume", { mode: "number" }).notNull(),
    costMicros: bigint("cost_micros", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.wabaId, table.day, table.country, table.pricingType, table.category, table.tier, table.pulledAt],
    }),
  ],
);

/** How two templates compare by Meta's own count (block rate, sends, top reasons), kept as each pull said it. */
export const templateComparisons = pgTable(
  "template_comparisons",
  {
    templateId: uuid("template_id")
      .notNull()
      .references(() => templates.id),
    otherId: uuid("other_id")
      .notNull()
      .references(() => templates.id),
    windowDays: integer("window_days").notNull(),
    pulledAt: instant("pulled_at").notNull(),
    /** Of the two, the one that fewer people blocked; null: not told. */
    lessBlockedId: uuid("less_blocked_id").references(() => templates.id),
    sends: bigint("sends", { mode: "number" }),
    otherSends: bigint("other_sends", { mode: "number" }),
    blockReason: text("block_reason"),
    otherBlockReason: text("other_block_reason"),
  },
  (table) => [
    primaryKey({
      name: "template_comparisons_pk",
      columns: [table.templateId, table.otherId, table.windowDays, table.pulledAt],
    }),
  ],
);

/** Whether an account's insights are switched on, and when its figures were last read. */
export const accountInsights = pgTable("account_insights", {
  wabaId: text("waba_id").primaryKey(),
  enabledAt: instant("enabled_at"),
  pulledAt: instant("pulled_at"),
  /** Why the last pull failed: Meta's code, or `unreachable`. */
  failure: text("failure"),
});
