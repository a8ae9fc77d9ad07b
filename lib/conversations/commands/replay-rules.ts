import { sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { bodyPlace, type Classification, detailsPlace } from "../inbound";
import { classifyReply } from "../reply-class";
import type { ReplyClass } from "../reply-classes";
import { recountAnswered, rulesInForce } from "../store";

const BATCH = 200;

/**
 * Sorts every answer again that older rules sorted last; what a person sorted stays. What was counted on the answered messages
 * is counted again where a class changed. Each batch commits by itself, so it may stop and go on.
 *
 * @returns how many were looked at, and how many are something else now
 */
export async function replayRules(
  ctx: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ read: number; changed: number }> {
  authorize(ctx, "job.run");
  const total = { read: 0, changed: 0 };
  for (const lane of await dueLanes(ctx)) {
    for (;;) {
      if (signal?.aborted) return total;
      const batch = await transaction(ctx, (tx) => replayBatch(tx, lane));
      total.read += batch.read;
      total.changed += batch.changed;
      if (batch.read < BATCH) break;
    }
  }
  return total;
}

async function dueLanes(ctx: Context): Promise<number[]> {
  const { number } = await rulesInForce(ctx.db);
  const rows = await ctx.db.execute<{ lane: number }>(sql`
    select l.n as lane from generate_series(0, 63) as l(n) where exists (select from inbound_messages
      where lane = l.n::smallint and class_by = 'rules' and class_rules < ${number}::int) order by 1`);
  return rows.map(({ lane }) => lane);
}

interface Row extends Record<string, unknown> {
  id: string;
  contact: string;
  classification: Classification;
  body: Buffer | null;
  details: Buffer | null;
  class: ReplyClass;
  message: string | null;
}

async function replayBatch(tx: Context, lane: number): Promise<{ read: number; changed: number }> {
  const { number, rules } = await rulesInForce(tx.db);
  const rows = await tx.db.execute<Row>(sql`
    select id, contact_id as contact, classification, body_sealed as body, details_sealed as details, reply_class as class,
      message_id as message
    from inbound_messages where lane = ${lane}::smallint and class_by = 'rules' and class_rules < ${number}::int
    order by class_rules, id limit ${BATCH}::int for update skip locked`);
  if (rows.length === 0) return { read: 0, changed: 0 };
  const keys = await tx.keys.keysOf([...new Set(rows.map(({ contact }) => contact))]);
  const sorted = rows.map((row) => {
    const key = keys.get(row.contact);
    // Nobody can read what an erased person wrote: it stays what it was.
    const replyClass = key ? classifyReply(factsOf(row, key), rules) : row.class;
    return { ...row, replyClass };
  });
  await tx.db.execute(sql`
    update inbound_messages i set reply_class = n.class, class_rules = ${number}::int,
      class_by = case when n.class is not null then 'rules' end
    from unnest(${array(
      sorted.map(({ id }) => id),
      "uuid",
    )}, ${array(
      sorted.map(({ replyClass }) => replyClass),
      "text",
    )}) as n(id, class)
    where i.lane = ${lane}::smallint and i.id = n.id`);
  const changed = sorted.filter((row) => row.replyClass !== row.class);
  const answered = [...new Set(changed.flatMap(({ message }) => message ?? []))];
  await recountAnswered(tx, answered);
  return { read: rows.length, changed: changed.length };
}

/** What a tap sent back stands with the rest of what came: `payload` of a template's button, `id` of an interactive one. */
const tapped = z.object({ content: z.object({ payload: z.string().optional(), id: z.string().optional() }) });

function factsOf({ id, classification, body, details }: Row, key: Buffer) {
  const content = details
    ? tapped.safeParse(JSON.parse(open(key, details, detailsPlace(id)).toString("utf8"))).data?.content
    : undefined;
  return {
    classification,
    text: body ? open(key, body, bodyPlace(id)).toString("utf8") : undefined,
    payload: classification === "button" ? (content?.payload ?? content?.id) : undefined,
  };
}
