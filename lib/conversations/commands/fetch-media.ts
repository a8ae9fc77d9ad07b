import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open, seal } from "@/lib/keystore/cipher";
import { callAccount } from "@/lib/numbers/commands/call-account";
import { failureOf } from "@/lib/numbers/health";
import type { CloudApi, GraphResult } from "@/lib/whatsapp/client";
import { detailsPlace } from "../inbound";
import { baseType, filePlace, judgeFile, MEDIA_DAYS, type MediaState, MOST_INBOUND_BYTES } from "../media";

/** So many at a time: files are held in memory while they are sealed. */
const AT_ONCE = 4;
/** The first wait after a try; each one is four times as long, half a day at most. */
const FIRST_WAIT_MINUTES = 5;
const LONGEST_WAIT_MINUTES = 720;
/** Message unavailable, or its file cannot be downloaded any more (cloud-api 16). */
const GONE_CODES = new Set([131052, 131060]);

interface Waiting extends Record<string, unknown> {
  lane: number;
  id: string;
  contact: string;
  number: string;
  details: Buffer | null;
  isLate: boolean;
}

/** What became of a file; undefined: asked for again later. */
type Fetched =
  | { state: "kept"; mimeType: string; bytes: Buffer }
  | { state: Exclude<MediaState, "kept" | "waiting">; mimeType?: string; byteSize?: number }
  | undefined;

/**
 * Fetches the files that people sent, before Meta forgets them, and keeps them sealed under the person's key. What is larger
 * or of another kind than we keep is not fetched, and says so. A try takes the file out of the others' reach for a while, so
 * any number of workers may run this, and one that dies leaves nothing behind.
 *
 * @returns how many files were looked at
 */
export async function fetchMedia(ctx: Context, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
  authorize(ctx, "job.run");
  let looked = 0;
  while (!signal?.aborted) {
    const batch = await claim(ctx);
    if (batch.length === 0) return looked;
    await Promise.all(batch.map((one) => fetchOne(ctx, one)));
    looked += batch.length;
  }
  return looked;
}

/** The next that are due. The wait until another try begins now, whatever comes of this one. */
async function claim(ctx: Context): Promise<Waiting[]> {
  const now = sql`${ctx.now()}::timestamptz`;
  return ctx.db.execute<Waiting>(sql`
    update inbound_media m set tries = least(m.tries + 1, 100), next_at = ${now}
      + make_interval(mins => least(${FIRST_WAIT_MINUTES} * 4 ^ least(m.tries, 10), ${LONGEST_WAIT_MINUTES})::int)
    from (
      select lane, message_id from inbound_media where state = 'waiting' and next_at <= ${now}
      order by next_at limit ${AT_ONCE} for update skip locked
    ) due
    join inbound_messages i on i.lane = due.lane and i.id = due.message_id
    where m.lane = due.lane and m.message_id = due.message_id
    returning m.lane, m.message_id as id, m.contact_id as contact, m.number_id as number, i.details_sealed as details,
      m.received_at < ${now} - make_interval(days => ${MEDIA_DAYS}) as "isLate"`);
}

const details = z.object({ content: z.object({ id: z.string(), sha256: z.string().optional() }) });

async function fetchOne(ctx: Context, waiting: Waiting): Promise<void> {
  const { id, contact, number } = waiting;
  const key = (await ctx.keys.keysOf([contact])).get(contact);
  const known =
    key && waiting.details
      ? details.safeParse(JSON.parse(open(key, waiting.details, detailsPlace(id)).toString("utf8")))
      : undefined;
  if (!key || !known?.success) return settle(ctx, waiting, { state: "gone" });
  const { content } = known.data;
  const result = await callAccount(ctx, number, (api, { phoneNumberId }) => ask(api, content.id, phoneNumberId));
  if (failureOf(result) === "throttled") return postpone(ctx, waiting, result);
  const fetched: Fetched = result.kind === "ok" ? result.value : isGone(result) ? { state: "gone" } : undefined;
  if (fetched?.state !== "kept")
    return settle(ctx, waiting, fetched ?? (waiting.isLate ? { state: "gone" } : undefined));
  await settle(ctx, waiting, fetched, seal(key, fetched.bytes, filePlace(id)));
}

/** First what Meta says of the file, then the file, which has to be the very one. */
async function ask(api: CloudApi, mediaId: string, phoneNumberId: string): Promise<GraphResult<Fetched>> {
  const node = await api.getMedia(mediaId, phoneNumberId);
  if (node.kind !== "ok") return node;
  const { url, sha256, file_size: byteSize } = node.value;
  const mimeType = baseType(node.value.mime_type);
  const judged = judgeFile({ mimeType, byteSize });
  if (judged !== "kept") return { kind: "ok", value: { state: judged, mimeType, byteSize } };
  const file = await api.downloadMedia(url, { mostBytes: MOST_INBOUND_BYTES });
  if (file.kind !== "ok") return file;
  const isWhole = createHash("sha256").update(file.value).digest("hex") === sha256.toLowerCase();
  if (!isWhole) return { kind: "unavailable", reason: "file_not_whole" };
  return { kind: "ok", value: { state: "kept", mimeType, bytes: file.value } };
}

function isGone(result: GraphResult<unknown>): boolean {
  return failureOf(result) === "not_found" || (result.kind === "refused" && GONE_CODES.has(result.code));
}

/** The account has to wait: nothing was asked for, so it was no try. */
async function postpone(ctx: Context, { lane, id }: Waiting, result: GraphResult<unknown>): Promise<void> {
  const waitMs = (result.kind === "refused" && result.retryAfterMs) || FIRST_WAIT_MINUTES * 60_000;
  const at = new Date(ctx.now().getTime() + waitMs);
  await ctx.db.execute(sql`
    update inbound_media set tries = greatest(tries - 1, 0), next_at = ${at}::timestamptz
    where lane = ${lane}::smallint and message_id = ${id}::uuid and state = 'waiting'`);
}

/** Written only while it still waits: whoever was erased meanwhile has no file any more. */
async function settle(ctx: Context, { lane, id }: Waiting, fetched: Fetched, sealed?: Buffer): Promise<void> {
  if (!fetched) return;
  const { state, mimeType = null } = fetched;
  const byteSize = "bytes" in fetched ? fetched.bytes.length : (fetched.byteSize ?? null);
  await ctx.db.execute(sql`
    update inbound_media set state = ${state}, mime_type = ${mimeType}, byte_size = ${byteSize}::int,
      sealed = ${sealed ?? null}::bytea, ended_at = ${ctx.now()}::timestamptz
    where lane = ${lane}::smallint and message_id = ${id}::uuid and state = 'waiting'`);
  log.info("inbound_media.settled", { messageId: id, state });
}
