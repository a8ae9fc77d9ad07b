import { boolean, index, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";

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
    handledAt: instant("handled_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    uniqueIndex("inbound_messages_wamid").on(table.lane, table.wamid),
    index("inbound_messages_by_contact").on(table.lane, table.contactId, table.providerAt),
    index("inbound_messages_by_time").on(table.lane, table.receivedAt),
  ],
);
