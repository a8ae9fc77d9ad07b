import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type SampleFacts, sampleFacts } from "../sample";
import { largestShare } from "../sample-size";
import type { SendException } from "../send-consent";
import { verifySends } from "./verify-sends";

export interface SampledSend {
  attemptId: string;
  messageId: string;
  campaignName: string | null;
  authorisedAt: Date;
  /** By which it was drawn: SHA-256 of `seed:attempt id`, in hex. */
  hash: string;
  /** Null: the consent is proven. */
  exception: SendException | null;
}

export interface Sample extends SampleFacts {
  sampleId: string;
  drawnAt: Date;
  drawnBy: string | null;
  sends: SampledSend[];
  failed: number;
  /** With 95 % confidence at most this share of the population fails. */
  largestShare: number;
}

interface DrawRow extends Record<string, unknown> {
  id: string;
  at: string;
  name: string | null;
  data: string;
}

/**
 * A sample that was drawn, drawn again from its seed and judged now: the attempts in the order of SHA-256(`seed:attempt id`),
 * the first `size` of them. Whoever has the ids can do the same.
 *
 * @throws AppError("not_found")
 */
export async function getSample(ctx: Context, { sampleId }: { sampleId: string }): Promise<Sample> {
  authorize(ctx, "proof.read");
  const [row] = await ctx.db.execute<DrawRow>(sql`
    select a.id, a.at, u.name, a.data from audit_events a left join users u on u.id::text = a.actor_id
    where a.id = ${sampleId}::uuid and a.type = 'sample.drawn'`);
  if (!row) throw new AppError("not_found", { sampleId });
  const facts = sampleFacts.parse(JSON.parse(row.data));
  const drawn = await ctx.db.execute<{
    lane: number;
    id: string;
    message_id: string;
    name: string | null;
    at: string;
    hash: string;
  }>(sql`
    select drawn.*, c.name from (
      select a.lane, a.id, a.message_id, a.campaign_id, a.authorised_at as at,
        encode(sha256(convert_to(${facts.seed} || ':' || a.id::text, 'UTF8')), 'hex') as hash
      from send_attempts a where a.basis = 'consent' and a.authorised_at <= ${facts.until}::timestamptz
      order by hash limit ${facts.size}::int
    ) as drawn left join campaigns c on c.id = drawn.campaign_id order by drawn.hash`);
  const { exceptions } = await verifySends(ctx, { attempts: drawn });
  const exceptionOf = new Map(exceptions.map(({ attemptId, exception }) => [attemptId, exception]));
  const sends = drawn.map(({ id, message_id: messageId, name, at, hash }) => ({
    attemptId: id,
    messageId,
    campaignName: name,
    authorisedAt: new Date(at),
    hash,
    exception: exceptionOf.get(id) ?? null,
  }));
  const failed = exceptionOf.size;
  return {
    ...facts,
    sampleId,
    drawnAt: new Date(row.at),
    drawnBy: row.name,
    sends,
    failed,
    largestShare: largestShare(failed, sends.length),
  };
}

const SHOWN = 20;

/** The samples that were drawn last. */
export async function listSamples(
  ctx: Context,
): Promise<(SampleFacts & { sampleId: string; drawnAt: Date; drawnBy: string | null })[]> {
  authorize(ctx, "proof.read");
  const rows = await ctx.db.execute<DrawRow>(sql`
    select a.id, a.at, u.name, a.data from audit_events a left join users u on u.id::text = a.actor_id
    where a.type = 'sample.drawn' order by a.at desc, a.id desc limit ${SHOWN}::int`);
  return rows.map(({ id, at, name, data }) => ({
    ...sampleFacts.parse(JSON.parse(data)),
    sampleId: id,
    drawnAt: new Date(at),
    drawnBy: name,
  }));
}

/** How many sends there are to draw from now. */
export async function countSends(ctx: Context): Promise<number> {
  authorize(ctx, "proof.read");
  const [row] = await ctx.db.execute<{ count: number }>(
    sql`select count(*)::int as count from send_attempts where basis = 'consent'`,
  );
  return row?.count ?? 0;
}
