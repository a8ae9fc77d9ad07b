import { sql } from "drizzle-orm";
import * as z from "zod";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { cosignedNote, lastSights } from "@/lib/ledger/cosignatures";
import { listLogKeys } from "@/lib/ledger/keys";
import { logOrigin } from "@/lib/ledger/origin";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { LogAuditResult, type LogAuditState } from "../log-audit";

const SHOWN_AUDITS = 10;

export interface LogAuditView {
  id: string;
  /** The name of who asked; null: the clock, or somebody who is gone. */
  askedBy: string | null;
  isNightly: boolean;
  askedAt: Date;
  endedAt: Date | null;
  state: LogAuditState;
  checked: number;
  size: number;
  problemCount: number;
  result: LogAuditResult | null;
}

export interface LogIntegrity {
  origin: string;
  /** Null while nothing was signed. `ageMs` of real time. */
  checkpoint: { size: number; rootHex: string; signedAt: Date; ageMs: number } | null;
  /** The newest signed checkpoint as outsiders check it, with everything that witnesses said; null while there is none. */
  note: string | null;
  /** When one was last taken out of the house: its size, the file in the append-only folder, how many officers got it by mail. */
  exported: { at: Date; size: number; file: string | null; mailed: number } | null;
  /** Entries that no checkpoint covers yet. */
  uncovered: number;
  keys: { verifierKey: string; startedAt: Date; endsAt: Date | null }[];
  witnesses: { name: string; verifierKey: string; size: number; cosignedAt: Date; ageMs: number }[];
  /** The newest first; one without an end is under way. */
  audits: LogAuditView[];
}

/** How far the log is signed, who saw it, and what came of recomputing it. */
export async function getLogIntegrity(ctx: Context): Promise<LogIntegrity> {
  authorize(ctx, "ledger.read");
  const [checkpoint, sights, keys, origin, counts, audits] = await Promise.all([
    latestCheckpoint(ctx.db),
    lastSights(ctx.db),
    listLogKeys(ctx.db),
    logOrigin(ctx.db),
    ctx.db.execute<{ sequenced: string; pending: string }>(sql`
      select (select coalesce(max(idx) + 1, 0) from log_sequence) as sequenced, (select count(*) from log_pending) as pending`),
    readAudits(ctx),
  ]);
  const [note, exported] = await Promise.all([
    checkpoint ? cosignedNote(ctx.db, checkpoint.size) : null,
    readExport(ctx),
  ]);
  const ageOf = (at: Date) => Math.max(0, Date.now() - at.getTime()); // real time, as the signatures have it
  const total = Number(counts[0]?.sequenced ?? 0) + Number(counts[0]?.pending ?? 0);
  return {
    origin,
    checkpoint: checkpoint
      ? {
          size: checkpoint.size,
          rootHex: checkpoint.root.toString("hex"),
          signedAt: checkpoint.signedAt,
          ageMs: ageOf(checkpoint.signedAt),
        }
      : null,
    note,
    exported,
    uncovered: total - (checkpoint?.size ?? 0),
    keys,
    witnesses: sights.map(({ verifierKey, size, cosignedAt }) => ({
      name: verifierKey.slice(0, verifierKey.indexOf("+")),
      verifierKey,
      size,
      cosignedAt,
      ageMs: ageOf(cosignedAt),
    })),
    audits,
  };
}

const Exported = z.object({ size: z.number(), file: z.string().nullable(), mailed: z.number() });

async function readExport(ctx: Context): Promise<LogIntegrity["exported"]> {
  const [row] = await ctx.db.execute<{ at: string; data: string }>(sql`
    select at, data from audit_events where type = 'checkpoint.exported' order by at desc, id desc limit 1`);
  return row ? { at: new Date(row.at), ...Exported.parse(JSON.parse(row.data)) } : null;
}

interface AuditRow extends Record<string, unknown> {
  id: string;
  name: string | null;
  asked_by: string | null;
  asked_at: string;
  ended_at: string | null;
  state: LogAuditState;
  checked: string;
  size: string;
  problem_count: number;
  result: unknown;
}

async function readAudits(ctx: Context): Promise<LogAuditView[]> {
  const rows = await ctx.db.execute<AuditRow>(sql`
    select a.id, u.name, a.asked_by, a.asked_at, a.ended_at, a.state, a.checked, a.size, a.problem_count, a.result
    from log_audits a left join users u on u.id = a.asked_by order by a.asked_at desc, a.id desc limit ${SHOWN_AUDITS}`);
  return rows.map((row) => ({
    id: row.id,
    askedBy: row.name,
    isNightly: row.asked_by === null,
    askedAt: new Date(row.asked_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    state: row.state,
    checked: Number(row.checked),
    size: Number(row.size),
    problemCount: row.problem_count,
    result: row.result === null ? null : LogAuditResult.parse(row.result),
  }));
}
