import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { recordInbound } from "@/lib/conversations/commands/record-inbound";
import { log, safeMessage } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { recordTemplateChange } from "@/lib/templates/commands/record-template-change";
import { type ParsedWebhook, parseWebhook, type WebhookItem } from "@/lib/whatsapp/webhooks";
import { rawPlace } from "../day-key";
import { applyStatuses } from "./apply-statuses";
import { inOneOrEach, type Placed } from "./put-aside";

/** Bodies worked on in one round; each may hold up to a thousand items. */
const BATCH = 50;

interface InboxRow extends Record<string, unknown> {
  lane: number;
  id: string;
  raw_sealed: Buffer;
  key_id: string;
}

/**
 * Does everything that a webhook asks for beyond opt-outs, which took effect on arrival. Every step may be repeated, so a
 * worker that dies in the middle loses nothing; a broken item is put aside and its neighbours go on. One dispatcher works
 * at a time. Returns how many bodies were done.
 */
export async function dispatchWebhooks(ctx: Context): Promise<number> {
  authorize(ctx, "job.run");
  return ctx.db.transaction(async (lock) => {
    const [turn] = await lock.execute<{ mine: boolean }>(sql`
      select pg_try_advisory_xact_lock(hashtext('contraste dispatch')) as mine`);
    return turn?.mine ? dispatchBatch(ctx) : 0;
  });
}

async function dispatchBatch(ctx: Context): Promise<number> {
  const rows = await ctx.db.execute<InboxRow>(sql`
    select lane, id, raw_sealed, key_id from webhook_inbox where status = 'new' order by lane, received_at, id
    limit ${BATCH}::int`);
  if (rows.length === 0) return 0;
  const keys = await ctx.keys.keysOf([...new Set(rows.map((row) => row.key_id))]);
  const placed = rows.flatMap((row) => readItems(row, keys.get(row.key_id)));
  await applyStatuses(ctx, ofKind(placed, "status"));
  await inOneOrEach(ctx, ofKind(placed, "message"), (items) =>
    recordInbound(
      ctx,
      items.map(({ item }) => item),
    ),
  );
  for (const one of placed) await inOneOrEach(ctx, [one], ([only]) => applyOther(ctx, only?.item));
  await markDone(ctx, rows, placed);
  return rows.length;
}

function readItems(row: InboxRow, key: Buffer | undefined): Placed[] {
  if (!key) return []; // the day's key is destroyed: what it sealed is over
  const parsed = readBody(row, key);
  const items: WebhookItem[] =
    parsed.kind === "items" ? parsed.items : [{ kind: "unknown", wabaId: "", field: "unreadable", value: null }];
  return items.map((item, position) => ({ lane: row.lane, inboxId: row.id, position, item }));
}

/** A body whose bytes were altered at rest is counted as unreadable, and its neighbours go on. */
function readBody(row: InboxRow, key: Buffer): ParsedWebhook {
  try {
    return parseWebhook(open(key, row.raw_sealed, rawPlace(row.id)));
  } catch (error) {
    log.error("webhook.unreadable_at_rest", { inboxId: row.id, error: safeMessage(error) });
    return { kind: "unreadable", reason: "sealed under another key, or altered" };
  }
}

type Kind = WebhookItem["kind"];

function ofKind<K extends Kind>(placed: readonly Placed[], kind: K): Placed<Extract<WebhookItem, { kind: K }>>[] {
  return placed.filter((one): one is Placed<Extract<WebhookItem, { kind: K }>> => one.item.kind === kind);
}

async function applyOther(ctx: Context, item: WebhookItem | undefined): Promise<void> {
  switch (item?.kind) {
    case "template_status":
    case "template_quality":
    case "template_category":
    case "template_components":
      await recordTemplateChange(ctx, item);
      return;
    case "unknown":
      await ctx.db.execute(sql`
        insert into webhook_unknowns as u (field, count, last_at) values (${item.field.slice(0, 100)}, 1, ${ctx.now()}::timestamptz)
        on conflict (field) do update set count = u.count + 1, last_at = excluded.last_at`);
      return;
    default: // statuses and messages were applied in batches; preferences on arrival; phone quality waits for its room
      return;
  }
}

async function markDone(ctx: Context, rows: readonly InboxRow[], placed: readonly Placed[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { inboxId } of placed) counts.set(inboxId, (counts.get(inboxId) ?? 0) + 1);
  await ctx.db.execute(sql`
    update webhook_inbox w set status = 'done', item_count = d.count, attempts = w.attempts + 1,
      processed_at = ${ctx.now()}::timestamptz
    from unnest(${array(
      rows.map((row) => row.lane),
      "smallint",
    )}, ${array(
      rows.map((row) => row.id),
      "uuid",
    )}, ${array(
      rows.map((row) => counts.get(row.id) ?? 0),
      "int",
    )}) as d(lane, id, count)
    where w.lane = d.lane and w.id = d.id`);
}
