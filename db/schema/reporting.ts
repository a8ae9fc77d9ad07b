import { sql } from "drizzle-orm";
import { bigint, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { users } from "./identity";

/** Recomputations of "was there a consent for every send": nightly, when a campaign has been sent, or asked for. Business time. */
export const sendVerifications = pgTable(
  "send_verifications",
  {
    id: uuid("id").primaryKey(),
    cause: text("cause", { enum: ["nightly", "campaign", "person"] }).notNull(),
    /** Null: the clock. */
    askedBy: uuid("asked_by").references(() => users.id),
    askedAt: instant("asked_at").notNull(),
    endedAt: instant("ended_at"),
    state: text("state", { enum: ["waiting", "running", "done", "failed"] }).notNull(),
    /** Attempts judged so far, of `total`. */
    checked: bigint("checked", { mode: "number" }).notNull().default(0),
    total: bigint("total", { mode: "number" }).notNull().default(0),
    /** Lib/reporting/send-verification.ts; null until it is done. */
    result: jsonb("result").$type<unknown>(),
  },
  () => [uniqueIndex("send_verifications_one_at_a_time").on(sql`(true)`).where(sql`ended_at is null`)],
);
