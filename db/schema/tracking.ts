import { sql } from "drizzle-orm";
import { bigint, boolean, index, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";

/** Every hit on a tracked link, human or not; the id travels to the shop as `wa_cid`. */
export const clicks = pgTable(
  "clicks",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    messageId: uuid("message_id").notNull(),
    campaignId: uuid("campaign_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    at: instant("at").notNull(),
    method: text("method").notNull(),
    userAgent: text("user_agent"),
    isHuman: boolean("is_human").notNull(),
    verdict: text("verdict").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    index("clicks_by_message").on(table.lane, table.messageId),
  ],
);

/** One conversion per (source, order id). Lane from the hash of both, since the person may not be known yet. */
export const conversions = pgTable(
  "conversions",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    source: text("source").notNull(),
    orderId: text("order_id").notNull(),
    contactId: uuid("contact_id"),
    clickId: uuid("click_id"),
    clickLane: smallint("click_lane"),
    /** Keyed hashes of the identifiers that came along: a person imported later is matched by them. */
    lookups: bytea("lookups").array().notNull(),
    amountMicros: bigint("amount_micros", { mode: "number" }).notNull(),
    currency: text("currency").notNull(),
    occurredAt: instant("occurred_at").notNull(),
    receivedAt: instant("received_at").notNull(),
    keyId: uuid("key_id"),
    attributedAt: instant("attributed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.source, table.orderId] }),
    index("conversions_unattributed").on(table.lane, table.receivedAt).where(sql`attributed_at is null`),
  ],
);

/** The conversions that fall into the window of a campaign the person was allocated to, clicked or not. In the person's lane. */
export const campaignConversions = pgTable(
  "campaign_conversions",
  {
    lane: smallint("lane").notNull(),
    campaignId: uuid("campaign_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    conversionId: uuid("conversion_id").notNull(),
    messageId: uuid("message_id").notNull(),
    variant: text("variant").notNull(),
    occurredAt: instant("occurred_at").notNull(),
    amountMicros: bigint("amount_micros", { mode: "number" }).notNull(),
    currency: text("currency").notNull(),
    viaClick: boolean("via_click").notNull(),
  },
  (table) => [
    primaryKey({
      name: "campaign_conversions_pk",
      columns: [table.lane, table.campaignId, table.contactId, table.conversionId],
    }),
    index("campaign_conversions_by_campaign").on(table.campaignId, table.variant),
  ],
);
