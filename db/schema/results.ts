import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { campaigns } from "./campaigns";
import { instant } from "./columns";
import { users } from "./identity";

/** A planned analysis: counts, statistics, intervals and the verdict code as they were at that moment, with a hash. */
export const looks = pgTable(
  "looks",
  {
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    n: integer("n").notNull(),
    plannedAt: instant("planned_at").notNull(),
    takenAt: instant("taken_at").notNull(),
    record: jsonb("record").$type<unknown>().notNull(),
    recordHash: text("record_hash").notNull(),
    verdict: text("verdict").notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.n] })],
);

/** What people decided after the verdict, and why. */
export const decisions = pgTable("decisions", {
  campaignId: uuid("campaign_id")
    .primaryKey()
    .references(() => campaigns.id),
  decision: text("decision", { enum: ["roll_out", "keep_control", "repeat", "no_action"] }).notNull(),
  variant: text("variant"),
  reason: text("reason").notNull(),
  recommended: text("recommended").notNull(),
  decidedBy: uuid("decided_by")
    .notNull()
    .references(() => users.id),
  decidedAt: instant("decided_at").notNull(),
});
