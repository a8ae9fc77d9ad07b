import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { users } from "./identity";

/** Each webhook body as received, once (by its hash), sealed under the key of its day. */
export const webhookInbox = pgTable(
  "webhook_inbox",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    sha256: bytea("sha256").notNull(),
    rawSealed: bytea("raw_sealed"),
    keyId: uuid("key_id").notNull(),
    status: text("status", { enum: ["new", "done", "dead", "ignored"] }).notNull(),
    itemCount: integer("item_count"),
    attempts: integer("attempts").notNull().default(0),
    receivedAt: instant("received_at").notNull(),
    processedAt: instant("processed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    uniqueIndex("webhook_inbox_once").on(table.lane, table.sha256),
    index("webhook_inbox_new").on(table.lane, table.receivedAt, table.id).where(sql`status = 'new'`),
  ],
);

/** An item of a webhook that could not be applied: visible, replayable, and no obstacle to its neighbours. */
export const webhookDeadItems = pgTable(
  "webhook_dead_items",
  {
    lane: smallint("lane").notNull(),
    inboxId: uuid("inbox_id").notNull(),
    position: integer("position").notNull(),
    kind: text("kind").notNull(),
    error: text("error").notNull(),
    at: instant("at").notNull(),
    /** Replays that a person asked for; `replayAskedAt` until the worker has tried. */
    replays: integer("replays").notNull().default(0),
    replayAskedAt: instant("replay_asked_at"),
    resolution: text("resolution", { enum: ["replayed", "dismissed"] }),
    resolvedBy: uuid("resolved_by").references(() => users.id),
    resolvedAt: instant("resolved_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.inboxId, table.position] }),
    index("webhook_dead_items_open").on(table.kind, table.at).where(sql`resolved_at is null`),
  ],
);

/** What came in each hour, counted by the worker: items by their kind, and bodies as kind `body`. */
export const webhookCounts = pgTable(
  "webhook_counts",
  {
    hour: instant("hour").notNull(),
    kind: text("kind").notNull(),
    status: text("status", { enum: ["done", "dead", "ignored"] }).notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.kind, table.status] })],
);

/** How often fields or kinds came that nothing here knows. */
export const webhookUnknowns = pgTable("webhook_unknowns", {
  field: text("field").primaryKey(),
  count: integer("count").notNull(),
  lastAt: instant("last_at").notNull(),
});

/** A status whose message is not known yet (it may beat our own record of the send): applied when the wamid appears. */
export const parkedStatuses = pgTable(
  "parked_statuses",
  {
    lane: smallint("lane").notNull(),
    wamidHash: bytea("wamid_hash").notNull(),
    status: text("status").notNull(),
    item: jsonb("item").$type<unknown>().notNull(),
    parkedAt: instant("parked_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.wamidHash, table.status] })],
);
