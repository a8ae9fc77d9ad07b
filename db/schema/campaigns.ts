import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns";
import { purposes } from "./consent";
import { users } from "./identity";
import { brands, phoneNumbers } from "./numbers";
import { segments } from "./segments";
import { templates } from "./templates";

export const campaigns = pgTable(
  "campaigns",
  {
    id: uuid("id").primaryKey(),
    brandId: uuid("brand_id")
      .notNull()
      .references(() => brands.id),
    numberId: uuid("number_id").references(() => phoneNumbers.id),
    purposeId: uuid("purpose_id").references(() => purposes.id),
    segmentId: uuid("segment_id").references(() => segments.id),
    name: text("name").notNull(),
    status: text("status", {
      enum: [
        "draft",
        "in_review",
        "approved",
        "scheduled",
        "sending",
        "measuring",
        "concluded",
        "paused",
        "frozen",
        "stopped",
        "archived",
      ],
    }).notNull(),
    /** Before pausing or freezing: what to go back to. */
    resumesAs: text("resumes_as"),
    frozenReason: text("frozen_reason"),
    /** Goal step: hypothesis, primary metric, minimum effect, window (lib/experiments/plan.ts). */
    goal: jsonb("goal").$type<unknown>().notNull(),
    /** Share of eligible people deliberately not written to, in basis points. */
    holdoutBasisPoints: integer("holdout_basis_points").notNull().default(1000),
    /** null = as soon as launched. By local time: the first instant of all, found at launch. */
    startsAt: instant("starts_at"),
    deadlineAt: instant("deadline_at"),
    /** How it goes out besides: lib/campaigns/schedule.ts. */
    schedule: jsonb("schedule")
      .$type<unknown>()
      .notNull()
      .default({ timing: { kind: "moment" }, hours: null, perDay: null, lateMinutes: 60 }),
    /** Since when it waits for a person because its start was missed, and when one said that it may start late. */
    lateSince: instant("late_since"),
    lateAcceptedAt: instant("late_accepted_at"),
    version: integer("version").notNull().default(1),
    contentHash: text("content_hash"),
    approvedHash: text("approved_hash"),
    editors: uuid("editors").array().notNull().default(sql`'{}'::uuid[]`),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    launchedBy: uuid("launched_by").references(() => users.id),
    launchedAt: instant("launched_at"),
    graceUntil: instant("grace_until"),
    plannedAt: instant("planned_at"),
    sendingStartedAt: instant("sending_started_at"),
    sendingEndedAt: instant("sending_ended_at"),
    measuringUntil: instant("measuring_until"),
    concludedAt: instant("concluded_at"),
  },
  (table) => [
    index("campaigns_by_status").on(table.status, table.updatedAt),
    check("campaigns_holdout", sql`${table.holdoutBasisPoints} between 0 and 5000`),
  ],
);

export const campaignVariants = pgTable(
  "campaign_variants",
  {
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    key: text("key").notNull(),
    position: integer("position").notNull(),
    templateId: uuid("template_id").references(() => templates.id),
    /** Share of the people written to, in basis points; all variants of a campaign add up to 10 000. */
    weight: integer("weight").notNull(),
    /** Where each placeholder's value comes from, with its fallback (lib/templates/parameters.ts). */
    parameters: jsonb("parameters").$type<unknown>().notNull(),
    /** Landing page behind the tracked link of the URL button. */
    linkUrl: text("link_url"),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.key] }),
    check("campaign_variants_key", sql`${table.key} ~ '^[A-H]$'`),
  ],
);

export const campaignApprovals = pgTable(
  "campaign_approvals",
  {
    id: uuid("id").primaryKey(),
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    contentHash: text("content_hash").notNull(),
    decision: text("decision", { enum: ["requested", "approved", "changes_asked", "voided"] }).notNull(),
    comment: text("comment"),
    isSolo: boolean("is_solo").notNull().default(false),
    by: uuid("by").references(() => users.id),
    at: instant("at").notNull(),
  },
  (table) => [index("campaign_approvals_by_campaign").on(table.campaignId, table.at)],
);

/** The experiment as written before the first send, frozen with a hash that is in the ledger. */
export const campaignPlans = pgTable("campaign_plans", {
  campaignId: uuid("campaign_id")
    .primaryKey()
    .references(() => campaigns.id),
  plan: jsonb("plan").$type<unknown>().notNull(),
  planHash: text("plan_hash").notNull(),
  seed: bytea("seed").notNull(),
  frozenAt: instant("frozen_at").notNull(),
});

export const campaignHistory = pgTable(
  "campaign_history",
  {
    id: uuid("id").primaryKey(),
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    at: instant("at").notNull(),
    actorId: text("actor_id"),
    type: text("type").notNull(),
    data: jsonb("data").$type<unknown>().notNull(),
  },
  (table) => [index("campaign_history_by_campaign").on(table.campaignId, table.at)],
);

/** Who matched the segment and was left out before allocation, and why. */
export const campaignExclusions = pgTable(
  "campaign_exclusions",
  {
    lane: smallint("lane").notNull(),
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    contactId: uuid("contact_id").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.campaignId, table.contactId] })],
);

/** How far planning has come, lane by lane: a restart goes on where it stopped. */
export const campaignPlanning = pgTable(
  "campaign_planning",
  {
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    lane: smallint("lane").notNull(),
    recipients: integer("recipients").notNull(),
    excluded: integer("excluded").notNull(),
    plannedAt: instant("planned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.lane] })],
);

/** People of one place who are written to from one instant on, counted when their lane was planned. */
export const campaignWaves = pgTable(
  "campaign_waves",
  {
    campaignId: uuid("campaign_id")
      .notNull()
      .references(() => campaigns.id),
    lane: smallint("lane").notNull(),
    sendAt: instant("send_at").notNull(),
    /** Empty: unknown. */
    country: text("country").notNull(),
    zone: text("zone").notNull(),
    people: integer("people").notNull(),
    heldOut: integer("held_out").notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.lane, table.sendAt, table.country, table.zone] })],
);
