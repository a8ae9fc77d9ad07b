import { sql } from "drizzle-orm";
import { boolean, check, doublePrecision, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** One row: what this database is. `mode` is the mark that keeps rehearsal and reality apart (decision 9). */
export const installation = pgTable(
  "installation",
  {
    id: boolean("id").primaryKey().default(true),
    mode: text("mode", { enum: ["sandbox", "live"] }).notNull(),
    name: text("name").notNull(),
    timeZone: text("time_zone").notNull().default("Europe/Madrid"),
    currency: text("currency").notNull().default("EUR"),
    country: text("country").notNull().default("ES"),
    soloMode: boolean("solo_mode").notNull().default(false),
    /** Public half of the key that signs the log, as `name+hash+base64`: written by the worker, which alone has the key. */
    logVerifierKey: text("log_verifier_key"),
    instanceEpoch: integer("instance_epoch").notNull().default(1),
    /** A campaign stops by itself when so large a share of those it reached opted out, once it reached so many (3.3). */
    stopOptOutShare: doublePrecision("stop_opt_out_share").notNull().default(0.02),
    stopOptOutAfter: integer("stop_opt_out_after").notNull().default(200),
    createdAt: instant("created_at").notNull().default(sql`now()`),
  },
  (table) => [
    check("installation_is_one_row", sql`${table.id}`),
    check("installation_mode", sql`${table.mode} in ('sandbox','live')`),
  ],
);

/** One row, in sandbox databases only: business time = anchorApp + (real − anchorReal) × speed (decision 10). */
export const appClock = pgTable(
  "app_clock",
  {
    id: boolean("id").primaryKey().default(true),
    anchorReal: instant("anchor_real").notNull(),
    anchorApp: instant("anchor_app").notNull(),
    speed: doublePrecision("speed").notNull().default(1),
  },
  (table) => [
    check("app_clock_is_one_row", sql`${table.id}`),
    check("app_clock_speed", sql`${table.speed} between 0 and 1000000`),
  ],
);
