import { sql } from "drizzle-orm";
import {
  boolean,
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
import { bytea, instant } from "./columns";
import { users } from "./identity";

/** What people write to us; the body sealed under their key. */
export const inboundMessages = pgTable(
  "inbound_messages",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    contactId: uuid("contact_id").notNull(),
    numberId: uuid("number_id").notNull(),
    wamid: text("wamid").notNull(),
    type: text("type").notNull(),
    bodySealed: bytea("body_sealed"),
    /** What came besides text: media id and type, place, cards, order, form answers, the ad that led here. Sealed JSON. */
    detailsSealed: bytea("details_sealed"),
    /** opt_out | review | button | reaction | system | other */
    classification: text("classification").notNull(),
    messageId: uuid("message_id"),
    campaignId: uuid("campaign_id"),
    /** How it was joined to our message: quoted | reaction | payload | inferred. */
    attributedBy: text("attributed_by"),
    /** The message of the person that this one changes or takes back. */
    originalWamid: text("original_wamid"),
    isForwarded: boolean("is_forwarded").notNull().default(false),
    editedAt: instant("edited_at"),
    revokedAt: instant("revoked_at"),
    providerAt: instant("provider_at").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** What it is as an answer: positive | question | opt_out | complaint | automatic | other. Null: it answers nothing. */
    replyClass: text("reply_class"),
    /** Who said so; a person's word is kept when rules change. */
    classBy: text("class_by", { enum: ["rules", "person"] }),
    /** The number of the rules that said so last. */
    classRules: integer("class_rules").notNull().default(0),
    classCorrectedBy: uuid("class_corrected_by").references(() => users.id),
    seenAt: instant("seen_at"),
    seenBy: uuid("seen_by").references(() => users.id),
    handledAt: instant("handled_at"),
    /** Null where nobody had to: a refusal that took effect, an automatic answer. */
    handledBy: uuid("handled_by").references(() => users.id),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    uniqueIndex("inbound_messages_wamid").on(table.lane, table.wamid),
    index("inbound_messages_by_contact").on(table.lane, table.contactId, table.providerAt),
    index("inbound_messages_by_time").on(table.lane, table.receivedAt),
    index("inbound_messages_waiting")
      .on(table.lane, table.id)
      .where(sql`handled_at is null and reply_class is not null`),
    index("inbound_messages_by_answered").on(table.lane, table.messageId).where(sql`message_id is not null`),
    index("inbound_messages_by_campaign")
      .on(table.lane, table.campaignId, table.id)
      .where(sql`campaign_id is not null`),
    index("inbound_messages_by_rules").on(table.lane, table.classRules, table.id).where(sql`class_by = 'rules'`),
  ],
);

/** How answers are sorted: each version whole, the highest number counts. None: the rules that are shipped. */
export const replyRules = pgTable("reply_rules", {
  number: integer("number").primaryKey(),
  rules: jsonb("rules").notNull(),
  savedBy: uuid("saved_by")
    .notNull()
    .references(() => users.id),
  savedAt: instant("saved_at").notNull(),
});

/**
 * The file that came with a message: fetched before Meta forgets it (seven days), sealed under the person's key. Kept apart from
 * the messages, which are read far more often.
 */
export const inboundMedia = pgTable(
  "inbound_media",
  {
    lane: smallint("lane").notNull(),
    /** Of `inbound_messages`, where Meta's id of the file is among the sealed details. */
    messageId: uuid("message_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    numberId: uuid("number_id").notNull(),
    state: text("state", { enum: ["waiting", "kept", "too_large", "unwanted", "gone"] })
      .notNull()
      .default("waiting"),
    tries: smallint("tries").notNull().default(0),
    /** Not asked for again before. */
    nextAt: instant("next_at").notNull(),
    receivedAt: instant("received_at").notNull(),
    mimeType: text("mime_type"),
    byteSize: integer("byte_size"),
    sealed: bytea("sealed"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.messageId] }),
    index("inbound_media_waiting").on(table.nextAt).where(sql`state = 'waiting'`),
    index("inbound_media_by_contact").on(table.lane, table.contactId),
    index("inbound_media_by_time").on(table.receivedAt),
  ],
);
