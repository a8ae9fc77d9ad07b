import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { maskPhone } from "@/lib/foundation/phone";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ConsentSource } from "../consent";
import type { SuppressionKind } from "../suppression";

const PAGE = 50;

export interface SuppressionView {
  contactId: string;
  /** Masked; null for somebody without a number, or erased. */
  phone: string | null;
  kind: SuppressionKind;
  scope: "all_marketing" | "all";
  since: Date;
  until: Date | null;
  /** How the act behind it came about; null where no act of the person is. */
  source: ConsentSource | null;
  removal: { id: string; reason: string; askedBy: string; askedById: string; askedAt: Date } | null;
}

interface Row extends Record<string, unknown> {
  contact: string;
  kind: SuppressionKind;
  scope: "all_marketing" | "all";
  since: string;
  until: string | null;
  source: ConsentSource | null;
  phone: Buffer | null;
  removal: string | null;
  reason: string | null;
  asked_by: string | null;
  asker: string | null;
  asked_at: string | null;
}

/** Active blocks of contacts, newest first. */
export async function listSuppressions(
  ctx: Context,
  { kind, cursor, limit = PAGE }: { kind?: SuppressionKind; cursor?: string; limit?: number } = {},
): Promise<{ suppressions: SuppressionView[]; nextCursor: string | null }> {
  authorize(ctx, "consent.read");
  const rows = await ctx.db.execute<Row>(sql`
    select block.contact_id as contact, block.kind, block.scope, block.since, block.until, event.source,
      (select i.sealed from contact_identifiers i where i.lane = block.lane and i.contact_id = block.contact_id
        and i.kind = 'phone' and i.former_at is null order by i.created_at desc limit 1) as phone,
      removal.id as removal, removal.reason, removal.asked_by, users.name as asker, removal.asked_at
    from contact_suppressions block
    left join consent_events event on event.lane = block.lane and event.id = block.reason_event_id
    left join suppression_removals removal on removal.lane = block.lane and removal.contact_id = block.contact_id
      and removal.kind = block.kind and removal.decision is null
    left join users on users.id = removal.asked_by
    where block.lifted_at is null and (block.until is null or block.until > ${ctx.now()}::timestamptz)
      ${kind === undefined ? sql`` : sql`and block.kind = ${kind}`}
      ${cursor === undefined ? sql`` : afterCursor(cursor)}
    order by block.since desc, block.contact_id desc, block.kind desc limit ${limit + 1}::int`);
  const page = rows.slice(0, limit);
  const keys = await ctx.keys.keysOf([...new Set(page.map(({ contact }) => contact))]);
  const last = page.at(-1);
  return {
    suppressions: page.map((row) => viewOf(row, keys.get(row.contact))),
    nextCursor:
      last && rows.length > limit ? `${new Date(last.since).toISOString()}~${last.contact}~${last.kind}` : null,
  };
}

function afterCursor(cursor: string) {
  const [since = "", contact = "", kind = "", ...rest] = cursor.split("~");
  const isWhole = rest.length === 0 && !Number.isNaN(Date.parse(since)) && /^[0-9a-f-]{36}$/.test(contact);
  if (!isWhole) throw new AppError("invalid_input", { field: "cursor" });
  return sql`and (block.since, block.contact_id, block.kind) < (${since}::timestamptz, ${contact}::uuid, ${kind})`;
}

function viewOf(row: Row, key: Buffer | undefined): SuppressionView {
  const { contact: contactId, kind, scope, since, until, source, phone, removal } = row;
  return {
    contactId,
    phone: key && phone ? maskPhone(openIdentifier(key, contactId, { kind: "phone", sealed: phone })) : null,
    kind,
    scope,
    since: new Date(since),
    until: until === null ? null : new Date(until),
    source,
    removal:
      removal === null || row.asked_by === null || row.asked_at === null
        ? null
        : {
            id: removal,
            reason: row.reason ?? "",
            askedBy: row.asker ?? "",
            askedById: row.asked_by,
            askedAt: new Date(row.asked_at),
          },
  };
}

/** How many contacts and how many numbers are blocked now, by kind. A number may be nobody's we know. */
export async function countSuppressions(
  ctx: Context,
): Promise<{ kind: SuppressionKind; contacts: number; numbers: number }[]> {
  authorize(ctx, "consent.read");
  const active = sql`lifted_at is null and (until is null or until > ${ctx.now()}::timestamptz)`;
  const rows = await ctx.db.execute<{ kind: SuppressionKind; contacts: number; numbers: number }>(sql`
    select kind, sum(contact)::int as contacts, sum(number)::int as numbers from (
      select kind, 1 as contact, 0 as number from contact_suppressions where ${active}
      union all select kind, 0, 1 from suppression_lookups where ${active}
    ) as block group by kind order by contacts desc, numbers desc, kind`);
  return [...rows];
}
