import { type SQL, sql } from "drizzle-orm";
import { array } from "@/db/client";
import type { HeldLookups } from "@/lib/audience/person";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { decodeCallbackData } from "../callback-data";
import { wamidHash } from "../commands/record-outcomes";

interface StatusSeen {
  wamid: string;
  callbackData?: string;
  /** Of whom Meta says that the message went to. */
  recipient?: HeldLookups;
}

export interface StatusPlace {
  lane: number;
  messageId: string;
  /** Whom we wrote the message is known by all that Meta says about its recipient. */
  isRecipientKnown: boolean;
}

interface Row extends Record<string, unknown> {
  n: number;
  lane: number;
  id: string;
  known: boolean;
}

/** Where the messages of statuses are, by our callback data, else by wamid; what is not ours is absent. In their order. */
export async function placeStatuses(
  ctx: Context,
  statuses: readonly StatusSeen[],
): Promise<(StatusPlace | undefined)[]> {
  authorize(ctx, "job.run");
  const places = new Array<StatusPlace | undefined>(statuses.length).fill(undefined);
  const place = (rows: readonly Row[], positions: readonly number[]) => {
    for (const { n, lane, id, known } of rows)
      places[positions[n - 1] ?? -1] = { lane, messageId: id, isRecipientKnown: known };
  };
  const attempts = statuses.flatMap((status, position) => {
    const decoded = status.callbackData === undefined ? undefined : decodeCallbackData(status.callbackData);
    return decoded ? [{ ...decoded, status, position }] : [];
  });
  if (attempts.length > 0)
    place(
      await placesByAttempt(ctx, attempts),
      attempts.map(({ position }) => position),
    );
  const others = [...statuses.keys()].filter((position) => places[position] === undefined);
  if (others.length > 0)
    place(
      await placesByWamid(
        ctx,
        others.flatMap((position) => statuses[position] ?? []),
      ),
      others,
    );
  return places;
}

async function placesByAttempt(
  ctx: Context,
  attempts: readonly { lane: number; attemptId: string; status: StatusSeen }[],
): Promise<Row[]> {
  const lanes = array(
    attempts.map(({ lane }) => lane),
    "smallint",
  );
  const ids = array(
    attempts.map(({ attemptId }) => attemptId),
    "uuid",
  );
  return ctx.db.execute<Row>(sql`
    select d.n::int, a.lane, a.message_id as id, ${isRecipientKnown(sql`a`)} as known
    from unnest(${lanes}, ${ids}, ${lookupsOf(attempts.map(({ status }) => status))})
      with ordinality as d(lane, attempt_id, number, user_id, parent_user_id, n)
    join send_attempts a on a.lane = d.lane and a.id = d.attempt_id`);
}

async function placesByWamid(ctx: Context, statuses: readonly StatusSeen[]): Promise<Row[]> {
  // By hash alone: what came over the network may hold characters that the database refuses.
  const hashes = array(
    statuses.map(({ wamid }) => wamidHash(wamid)),
    "bytea",
  );
  return ctx.db.execute<Row>(sql`
    select d.n::int, m.lane, m.id, ${isRecipientKnown(sql`m`)} as known
    from unnest(${hashes}, ${lookupsOf(statuses)}) with ordinality as d(hash, number, user_id, parent_user_id, n)
    join wamids w on w.lane = lane_of_hash(d.hash) and w.wamid_hash = d.hash
    join messages m on m.lane = w.message_lane and m.id = w.message_id`);
}

function lookupsOf(statuses: readonly StatusSeen[]): SQL {
  const column = (key: keyof HeldLookups) =>
    array(
      statuses.map(({ recipient }) => recipient?.[key] ?? null),
      "bytea",
    );
  return sql`${column("number")}, ${column("userId")}, ${column("parentUserId")}`;
}

/** Whether the contact has each of the lookups that are there; a number that was given up is theirs no more. */
function isRecipientKnown(written: SQL): SQL {
  return sql`num_nonnulls(d.number, d.user_id, d.parent_user_id) = (
    select count(*) from contact_identifiers i
    where i.lane = ${written}.lane and i.contact_id = ${written}.contact_id
      and i.lookup in (d.number, d.user_id, d.parent_user_id)
      and (i.former_at is null or i.kind not in ('phone', 'wa_id')))
    and num_nonnulls(d.number, d.user_id, d.parent_user_id) > 0`;
}
