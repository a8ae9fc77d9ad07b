import { sql } from "drizzle-orm";
import {
  bigint,
  check,
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

// Runtime roles get INSERT + SELECT on every table here and nothing else, with these exceptions: the sequencer deletes from
// log_pending, the owner role's retention function deletes from log_payloads, the worker ends a key in log_keys, and an audit
// writes down how far it is. Leaves stay for ever.

/** One leaf of the Merkle log: `leaf` is the envelope in canonical JSON, `leafHash` = SHA-256(0x00 ‖ leaf). */
export const logEntries = pgTable(
  "log_entries",
  {
    lane: smallint("lane").notNull(),
    id: uuid("id").notNull(),
    type: text("type").notNull(),
    leaf: bytea("leaf").notNull(),
    leafHash: bytea("leaf_hash").notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.lane, table.id] }),
    check("log_entries_lane", sql`${table.lane} between 0 and 63`),
    check("log_entries_hash", sql`octet_length(${table.leafHash}) = 32`),
  ],
);

/** Entries that have no index yet: written with the entry, removed by the sequencer, so that it never scans the log. */
export const logPending = pgTable(
  "log_pending",
  { lane: smallint("lane").notNull(), entryId: uuid("entry_id").notNull() },
  (table) => [primaryKey({ columns: [table.lane, table.entryId] })],
);

/** The inner tree of an entry that stands for many rows, in order: `leafHash` = SHA-256(0x00 ‖ commitment of the row). */
export const logBatchItems = pgTable(
  "log_batch_items",
  {
    lane: smallint("lane").notNull(),
    entryId: uuid("entry_id").notNull(),
    position: integer("position").notNull(),
    itemId: uuid("item_id").notNull(),
    leafHash: bytea("leaf_hash").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.entryId, table.position] })],
);

/**
 * What a commitment commits to, sealed. `rowId` is the id of the entry, or of the item inside a batch.
 * The key is that of the contact `subject`, or the installation's where `subject` is null.
 */
export const logPayloads = pgTable(
  "log_payloads",
  {
    lane: smallint("lane").notNull(),
    rowId: uuid("row_id").notNull(),
    subject: uuid("subject"),
    ciphertext: bytea("ciphertext").notNull(),
  },
  (table) => [primaryKey({ columns: [table.lane, table.rowId] })],
);

/** The order of the log. Contiguous from 0; only the sequencer, holding its advisory lock, adds to it. */
export const logSequence = pgTable("log_sequence", {
  idx: bigint("idx", { mode: "number" }).primaryKey(),
  lane: smallint("lane").notNull(),
  entryId: uuid("entry_id").notNull().unique(),
  leafHash: bytea("leaf_hash").notNull(),
});

/**
 * Full tiles only: `data` is 256 hashes of 32 bytes, `root` their Merkle root (which is one hash of the level above).
 * A partial tile is never stored: it is the tail of log_sequence, or the roots of the tiles below it.
 */
export const logTiles = pgTable(
  "log_tiles",
  {
    level: smallint("level").notNull(),
    n: bigint("n", { mode: "number" }).notNull(),
    data: bytea("data").notNull(),
    root: bytea("root").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.level, table.n] }),
    check("log_tiles_full", sql`octet_length(${table.data}) = 8192 and octet_length(${table.root}) = 32`),
  ],
);

/** Every checkpoint that was signed; `note` is the C2SP signed note. Real time, not business time. */
export const logCheckpoints = pgTable("log_checkpoints", {
  size: bigint("size", { mode: "number" }).primaryKey(),
  root: bytea("root").notNull(),
  note: text("note").notNull(),
  signedAt: instant("signed_at").notNull(),
});

/** What witnesses said of our checkpoints: each saw that the log only grew since it last looked. Insert and select only. */
export const logCosignatures = pgTable(
  "log_cosignatures",
  {
    size: bigint("size", { mode: "number" }).notNull(),
    /** The witness' key, `name+hash+base64`. */
    verifierKey: text("verifier_key").notNull(),
    /** The signature line that is added to the checkpoint's note. */
    line: text("line").notNull(),
    /** By the witness' clock. */
    cosignedAt: instant("cosigned_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.size, table.verifierKey] })],
);

/** Every key that this log has signed with. After a change the one before signs too until `endsAt`, and never again. */
export const logKeys = pgTable("log_keys", {
  verifierKey: text("verifier_key").primaryKey(),
  startedAt: instant("started_at").notNull(),
  endsAt: instant("ends_at"),
});

/** Recomputations of the whole log from its rows: asked for by a person, or nightly. Real time. */
export const logAudits = pgTable(
  "log_audits",
  {
    id: uuid("id").primaryKey(),
    /** Who asked; null: the clock. */
    askedBy: uuid("asked_by"),
    askedAt: instant("asked_at").notNull(),
    endedAt: instant("ended_at"),
    state: text("state", { enum: ["waiting", "running", "intact", "broken", "cancelled", "failed"] }).notNull(),
    cancelAskedAt: instant("cancel_asked_at"),
    /** Entries read so far, of `size`. */
    checked: bigint("checked", { mode: "number" }).notNull().default(0),
    size: bigint("size", { mode: "number" }).notNull().default(0),
    problemCount: integer("problem_count").notNull().default(0),
    /** What was found, once it has ended. */
    result: jsonb("result"),
  },
  (table) => [
    check("log_audits_state", sql`${table.state} in ('waiting','running','intact','broken','cancelled','failed')`),
    uniqueIndex("log_audits_one_at_a_time").on(sql`(true)`).where(sql`${table.endedAt} is null`),
  ],
);
