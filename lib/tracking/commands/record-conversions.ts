import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { canonicalIdentifier, type IdentifierKind, lookupOf } from "@/lib/audience/identifier";
import { newId } from "@/lib/foundation/ids";
import { actorId } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { decodeClickId } from "../click-id";
import { type ConversionInput, type ConversionResult, conversionInput, FUTURE_MS } from "../conversion";

interface Row {
  id: string;
  input: ConversionInput;
  hash: Buffer;
  lookups: Buffer[];
  click: { lane: number; clickId: string } | undefined;
}

/**
 * Stores what a shop reports, one row per (source, order id): repetitions change nothing. Each item is judged by itself,
 * so one bad order does not cost its neighbours. Whose they are is settled afterwards (attribute-conversions).
 */
export async function recordConversions(
  ctx: Context,
  { conversions }: { conversions: readonly unknown[] },
): Promise<ConversionResult[]> {
  authorize(ctx, "conversion.write");
  const latest = new Date(ctx.now().getTime() + FUTURE_MS);
  const results: ConversionResult[] = [];
  const rows = new Map<string, { row: Row; at: number }>();
  for (const [at, raw] of conversions.entries()) {
    const parsed = conversionInput.safeParse(raw);
    if (!parsed.success) {
      results[at] = {
        status: "refused",
        errors: parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message })),
      };
    } else if (parsed.data.occurredAt > latest) {
      results[at] = { status: "refused", errors: [{ field: "occurredAt", message: "is in the future" }] };
    } else {
      const row = toRow(ctx, parsed.data);
      const key = row.hash.toString("hex");
      results[at] = { status: "duplicate" };
      if (!rows.has(key)) rows.set(key, { row, at });
    }
  }
  const inserted = await insert(
    ctx,
    [...rows.values()].map(({ row }) => row),
  );
  for (const { row, at } of rows.values()) if (inserted.has(row.id)) results[at] = { status: "accepted" };
  return results;
}

function toRow(ctx: Context, input: ConversionInput): Row {
  const hash = createHash("sha256").update(`${input.source}\0${input.orderId}`).digest();
  const given: [IdentifierKind, string | undefined][] = [
    ["phone", input.phone],
    ["email", input.email],
    ["external", input.externalId],
  ];
  const lookups = given.flatMap(([kind, text]) => {
    const identifier = text === undefined ? undefined : canonicalIdentifier(kind, text);
    return identifier ? [lookupOf(ctx.secrets.lookupKey, identifier)] : [];
  });
  return { id: newId(), input, hash, lookups, click: input.clickId ? decodeClickId(input.clickId) : undefined };
}

async function insert(ctx: Context, rows: readonly Row[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const column = <T>(read: (row: Row) => T) => rows.map(read);
  const keyId = ctx.actor.kind === "api_key" ? actorId(ctx.actor) : null;
  const inserted = await ctx.db.execute<{ id: string }>(sql`
    insert into conversions (lane, id, source, order_id, click_lane, click_id, lookups, amount_micros, currency, occurred_at,
      received_at, key_id)
    select lane_of_hash(r.hash), r.id, r.source, r.order_id, r.click_lane, r.click_id,
      array(select decode(h, 'hex') from unnest(string_to_array(r.lookups, ' ')) h), r.amount, r.currency, r.occurred_at,
      ${ctx.now()}::timestamptz, ${keyId}::uuid
    from unnest(
      ${array(
        column((row) => row.hash),
        "bytea",
      )}, ${array(
        column((row) => row.id),
        "uuid",
      )},
      ${array(
        column((row) => row.input.source),
        "text",
      )}, ${array(
        column((row) => row.input.orderId),
        "text",
      )},
      ${array(
        column((row) => row.click?.lane ?? null),
        "smallint",
      )}, ${array(
        column((row) => row.click?.clickId ?? null),
        "uuid",
      )},
      ${array(
        column((row) => row.lookups.map((one) => one.toString("hex")).join(" ")),
        "text",
      )},
      ${array(
        column((row) => row.input.amountMicros),
        "bigint",
      )}, ${array(
        column((row) => row.input.currency),
        "text",
      )},
      ${array(
        column((row) => row.input.occurredAt),
        "timestamptz",
      )}
    ) as r(hash, id, source, order_id, click_lane, click_id, lookups, amount, currency, occurred_at)
    on conflict do nothing returning id`);
  return new Set(inserted.map((row) => row.id));
}
