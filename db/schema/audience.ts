import { sql } from "drizzle-orm";
import { check, foreignKey, index, jsonb, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";

/** A person we know. Nothing in clear identifies them; attributes stay typed and queryable (decision 6). */
export const contacts = pgTable(
  "contacts",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    nameSealed: bytea("name_sealed"),
    country: text("country"),
    language: text("language"),
    timeZone: text("time_zone"),
    /** The age that they declared to have reached; null: nothing is known. */
    ageAtLeast: smallint("age_at_least"),
    attributes: jsonb("attributes").$type<Record<string, string | number | boolean>>().notNull().default({}),
    importId: uuid("import_id"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    restrictedAt: instant("restricted_at"),
    erasedAt: instant("erased_at"),
    /** The contact that turned out to be the same person: identifiers, blocks and refusals live on there. */
    mergedInto: uuid("merged_into"),
    mergedAt: instant("merged_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    index("contacts_merged").on(table.mergedInto).where(sql`merged_into is not null`),
    check("contacts_lane", sql`${table.lane} = lane_of(${table.id})`),
  ],
);

/** Phone, WhatsApp id, BSUID, e-mail or external id of a contact: ciphertext under the contact's key and the keyed hash. */
export const contactIdentifiers = pgTable(
  "contact_identifiers",
  {
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    kind: text("kind", { enum: ["phone", "wa_id", "bsuid", "parent_bsuid", "email", "external"] }).notNull(),
    lookup: bytea("lookup").notNull(),
    sealed: bytea("sealed").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Since when the person has it no more: nobody is written to there, and a number may go to somebody else. */
    formerAt: instant("former_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.contactId, table.kind, table.lookup] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
  ],
);

/** Finds a contact by keyed hash. Its lane comes from the hash (`lane_of_hash`), so it has no foreign key across lanes. */
export const identifierIndex = pgTable(
  "identifier_index",
  {
    lane: smallint("lane").notNull(),
    lookup: bytea("lookup").notNull(),
    kind: text("kind").notNull(),
    contactId: uuid("contact_id").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.lookup] })],
);

/** The columns people may build segments on. */
export const attributeDefinitions = pgTable("attribute_definitions", {
  key: text("key").primaryKey(),
  label: text("label").notNull(),
  type: text("type", { enum: ["text", "number", "boolean", "date"] }).notNull(),
  createdAt: instant("created_at").notNull(),
});
