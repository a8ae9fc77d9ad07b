import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { contacts } from "./audience";
import { campaigns } from "./campaigns";
import { bytea, instant } from "./columns";
import { phoneNumbers } from "./numbers";
import { templates } from "./templates";

const messageStates = [
  "planned",
  "queued",
  "sending",
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "rejected",
  "skipped",
  "held_out",
  "cancelled",
  "missed_deadline",
  "no_status",
  "unknown",
  "unknown_final",
] as const;

/** What a message is for. All but those of campaigns go to one person alone. */
const messageKinds = ["campaign", "reply", "opt_out_confirmation", "consent_request", "test"] as const;

/** What allows a message (I1). */
const bases = ["consent", "service", "request", "test"] as const;

/**
 * One recipient of one campaign, or one message to one person. Runtime roles only read it: every change of state is a SQL
 * function of drizzle/.
 */
export const messages = pgTable(
  "messages",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    kind: text("kind", { enum: messageKinds }).notNull().default("campaign"),
    basis: text("basis", { enum: bases }).notNull().default("consent"),
    /** What a message outside of campaigns is to rest on: the event that asks (request), the number of our own (test). */
    groundId: uuid("ground_id"),
    campaignId: uuid("campaign_id").references(() => campaigns.id),
    contactId: uuid("contact_id").notNull(),
    /** A … H, or `holdout`. */
    variant: text("variant"),
    templateId: uuid("template_id").references(() => templates.id),
    numberId: uuid("number_id").references(() => phoneNumbers.id),
    purposeId: uuid("purpose_id"),
    country: text("country"),
    state: text("state", { enum: messageStates }).notNull(),
    /** Why skipped, failed, cancelled …: a code. */
    reason: text("reason"),
    errorCode: integer("error_code"),
    notBefore: instant("not_before").notNull(),
    deadlineAt: instant("deadline_at"),
    attempts: smallint("attempts").notNull().default(0),
    /** Unguessable part of the tracked link; the lane is in front of it in the code people see. */
    linkCode: bytea("link_code"),
    /** The attempt in flight or the last one. */
    attemptId: uuid("attempt_id"),
    wamid: text("wamid"),
    plannedAt: instant("planned_at").notNull(),
    stateAt: instant("state_at").notNull(),
    acceptedAt: instant("accepted_at"),
    sentAt: instant("sent_at"),
    deliveredAt: instant("delivered_at"),
    readAt: instant("read_at"),
    failedAt: instant("failed_at"),
    clickedAt: instant("clicked_at"),
    repliedAt: instant("replied_at"),
    optedOutAt: instant("opted_out_at"),
    costMicros: bigint("cost_micros", { mode: "number" }),
    costCurrency: text("cost_currency"),
    pricingType: text("pricing_type"),
    pricingCategory: text("pricing_category"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
    uniqueIndex("messages_one_per_person").on(table.lane, table.campaignId, table.contactId),
    index("messages_due").on(table.lane, table.notBefore, table.id).where(sql`state = 'queued'`),
    index("messages_direct_due")
      .on(table.lane, table.notBefore, table.id)
      .where(sql`state = 'queued' and campaign_id is null`),
    index("messages_in_flight").on(table.lane, table.id).where(sql`state in ('sending','unknown')`),
    index("messages_silent").on(table.lane, table.stateAt).where(sql`state in ('accepted','sent','unknown')`),
    index("messages_by_deadline")
      .on(table.lane, table.deadlineAt)
      .where(sql`state in ('planned','queued') and deadline_at is not null`),
    index("messages_by_contact").on(table.lane, table.contactId, table.stateAt),
    uniqueIndex("messages_link_code").on(table.lane, table.linkCode).where(sql`link_code is not null`),
    index("messages_by_campaign").on(table.campaignId, table.state, table.variant),
    check("messages_lane", sql`${table.lane} = lane_of(${table.contactId})`),
    check(
      "messages_kind",
      sql`case ${table.kind} when 'campaign' then ${table.basis} = 'consent' and num_nulls(${table.campaignId}, ${table.variant}, ${table.purposeId}) = 0 else ${table.campaignId} is null and ${table.basis} = case ${table.kind} when 'reply' then 'service' when 'opt_out_confirmation' then 'service' when 'consent_request' then 'request' when 'test' then 'test' end end`,
    ),
    check(
      "messages_state",
      sql`${table.state} in ('planned','queued','sending','accepted','sent','delivered','read','failed','rejected','skipped','held_out','cancelled','missed_deadline','no_status','unknown','unknown_final')`,
    ),
  ],
);

/** The values that filled a message's placeholders, sealed: what the person read can be shown word for word. */
export const messageContents = pgTable(
  "message_contents",
  {
    lane: smallint("lane").notNull(),
    messageId: uuid("message_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    attemptId: uuid("attempt_id").notNull(),
    componentsSha256: bytea("components_sha256").notNull(),
    sealed: bytea("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.messageId, table.attemptId] })],
);

/** What a message to one person is to say, sealed under their key: a text, or what fills its template. Never changed. */
export const messageDrafts = pgTable(
  "message_drafts",
  {
    lane: smallint("lane").notNull(),
    messageId: uuid("message_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    sealed: bytea("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.messageId] })],
);

/** Numbers of our own people, each declared by one of them: only these are written to as a test. */
export const ownNumbers = pgTable(
  "own_numbers",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    contactId: uuid("contact_id").notNull(),
    declaredBy: uuid("declared_by").notNull(),
    declaredAt: instant("declared_at").notNull(),
    withdrawnAt: instant("withdrawn_at"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    uniqueIndex("own_numbers_contact").on(table.lane, table.contactId).where(sql`withdrawn_at is null`),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
  ],
);

/** Intent before act (I1): committed by the gate before the request. Insert and select only. */
export const sendAttempts = pgTable(
  "send_attempts",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    messageId: uuid("message_id").notNull(),
    contactId: uuid("contact_id").notNull(),
    /** Null: outside of campaigns. */
    campaignId: uuid("campaign_id"),
    n: smallint("n").notNull(),
    basis: text("basis", { enum: bases }).notNull(),
    /** What it rests on: the consent event, the person's message (service), the event that asks (request), the own number (test). */
    basisEventId: uuid("basis_event_id"),
    /** Bit i−1 set = check i of compliance 3.1 passed. */
    checks: integer("checks").notNull(),
    /** Bit i−1 set = check i was not evaluated. */
    notEvaluated: integer("not_evaluated").notNull(),
    /** The rules of sending that checks 7 to 9 went by. */
    policyVersionId: uuid("policy_version_id"),
    authorisedAt: instant("authorised_at").notNull(),
    /** Real time: a request that has not begun by then must not begin. */
    startBefore: instant("start_before").notNull(),
    workerId: uuid("worker_id").notNull(),
    entryId: uuid("entry_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    index("send_attempts_by_message").on(table.lane, table.messageId),
    index("send_attempts_by_contact").on(table.lane, table.contactId, table.authorisedAt),
  ],
);

/** What became of an attempt; a later row with a higher n settles an unknown one. Insert and select only. */
export const attemptOutcomes = pgTable(
  "attempt_outcomes",
  {
    lane: smallint("lane").notNull(),
    attemptId: uuid("attempt_id").notNull(),
    n: smallint("n").notNull(),
    kind: text("kind", {
      enum: ["accepted", "held", "retry", "rejected", "ambiguous", "unsent", "reconciled"],
    }).notNull(),
    wamid: text("wamid"),
    code: integer("code"),
    reason: text("reason"),
    at: instant("at").notNull(),
    entryId: uuid("entry_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.attemptId, table.n] })],
);

/** A message that the gate refused for good. */
export const gateRefusals = pgTable(
  "gate_refusals",
  {
    lane: smallint("lane").notNull(),
    messageId: uuid("message_id").notNull(),
    campaignId: uuid("campaign_id"),
    contactId: uuid("contact_id").notNull(),
    checkNumber: smallint("check_number").notNull(),
    reason: text("reason").notNull(),
    at: instant("at").notNull(),
    entryId: uuid("entry_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.messageId] })],
);

/** Every status Meta reported, once; the message carries the furthest one. */
export const messageStatuses = pgTable(
  "message_statuses",
  {
    lane: smallint("lane").notNull(),
    messageId: uuid("message_id").notNull(),
    status: text("status").notNull(),
    providerAt: instant("provider_at").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    errorCode: integer("error_code"),
    detail: text("detail"),
    /** The webhook body that first said so, which names whom the message went to: erasure finds it here. */
    inboxLane: smallint("inbox_lane"),
    inboxId: uuid("inbox_id"),
  },
  (table) => [primaryKey({ columns: [table.lane, table.messageId, table.status] })],
);

/** Campaigns that wrote to somebody while they were another contact of ours: they must not write to them again. */
export const mergedCampaigns = pgTable(
  "merged_campaigns",
  {
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    campaignId: uuid("campaign_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.contactId, table.campaignId] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
  ],
);

/** What was sent to somebody while they were another contact of ours, for caps and spacing (checks 9 and 10). */
export const mergedAttempts = pgTable(
  "merged_attempts",
  {
    lane: smallint("lane").notNull(),
    contactId: uuid("contact_id").notNull(),
    attemptId: uuid("attempt_id").notNull(),
    isMarketing: boolean("is_marketing").notNull(),
    authorisedAt: instant("authorised_at").notNull(),
    startBefore: instant("start_before").notNull(),
    /** Until when marketing rests because Meta refused it (131049). */
    coolingUntil: instant("cooling_until"),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.contactId, table.attemptId] }),
    foreignKey({ columns: [table.lane, table.contactId], foreignColumns: [contacts.lane, contacts.id] }),
  ],
);

/** Finds a message by Meta's id, which is all that a reply echoes. Lane from the hash of the wamid. */
export const wamids = pgTable(
  "wamids",
  {
    lane: smallint("lane").notNull(),
    wamidHash: bytea("wamid_hash").notNull(),
    messageLane: smallint("message_lane").notNull(),
    messageId: uuid("message_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.wamidHash] })],
);

/** A living worker renews its lease (real time); attempts of a dead one become unknown. */
export const workerLeases = pgTable("worker_leases", {
  workerId: uuid("worker_id").primaryKey(),
  startedAt: instant("started_at").notNull(),
  expiresAt: instant("expires_at").notNull(),
});

/** Send tokens of a number, leased to workers in blocks outside the gate. Real time. */
export const numberTokens = pgTable("number_tokens", {
  numberId: uuid("number_id")
    .primaryKey()
    .references(() => phoneNumbers.id),
  availableAt: instant("available_at").notNull(),
  /** Share of the throughput in use since `loweredAt`, when Meta last said it was too much; it grows back by itself. */
  rateFactor: doublePrecision("rate_factor").notNull().default(1),
  loweredAt: instant("lowered_at"),
  /** Nothing is leased before; the code that asked for it, and how often in a row. */
  holdUntil: instant("hold_until"),
  holdCode: integer("hold_code"),
  holds: smallint("holds").notNull().default(0),
});
