import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { peopleAllowed } from "@/lib/numbers/limits";

/** Longer than any claim takes; the head-room of a worker that died is free again afterwards. Real time. */
const LEASE_SECONDS = 60;
/** How often people whose 24 h are over are counted out. Business time. */
const RECOUNT_SECONDS = 60;
/** A portfolio without head-room is asked again after so long. Real time. */
const FULL_SECONDS = 30;

/** Head-room of a portfolio's messaging limit that a claim holds. */
export interface PeopleLease {
  id: string;
  portfolio: string;
  /** At most so many people may be written to under it. */
  people: number;
}

const portfolioNotice = (portfolio: string) => `portfolio_full ${portfolio}`;

/**
 * Holds head-room for up to `wanted` people of the portfolio's rolling 24 h, which all its numbers share (cloud-api 13).
 * Everybody counts as new until they are settled, so the limit is never passed. Undefined: the portfolio has no limit.
 */
export async function leasePeople(
  ctx: Context,
  { portfolio, limit, wanted }: { portfolio: string; limit: string; wanted: number },
): Promise<PeopleLease | undefined> {
  authorize(ctx, "job.run");
  const allowed = peopleAllowed(limit);
  if (allowed === undefined) return undefined;
  return transaction(ctx, async (tx) => {
    const used = await lockedUsage(tx, portfolio, allowed);
    const [held] = await tx.db.execute<{ people: number }>(sql`
      select coalesce(sum(people), 0)::int as people from portfolio_leases
      where portfolio = ${portfolio} and expires_at > clock_timestamp()`);
    const people = Math.max(0, Math.min(wanted, allowed - used - (held?.people ?? 0)));
    const id = newId();
    if (people > 0) {
      await tx.db.execute(sql`
        insert into portfolio_leases (id, portfolio, people, expires_at)
        values (${id}::uuid, ${portfolio}, ${people}::int, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))`);
    } else if (used >= allowed) {
      await rest(tx, { portfolio, allowed });
    }
    return { id, portfolio, people };
  });
}

/** The people a claim writes to are in the portfolio's 24 h from now on, and what it held beyond them is free again. */
export async function settlePeople(
  ctx: Context,
  lease: PeopleLease,
  { lane, contactIds }: { lane: number; contactIds: readonly string[] },
): Promise<void> {
  authorize(ctx, "job.run");
  await transaction(ctx, async (tx) => {
    // The usage row first, as in leasePeople, so that two claims cannot wait for each other.
    await tx.db.execute(sql`select 1 from portfolio_usage where portfolio = ${lease.portfolio} for update`);
    const counted = await tx.db.execute<{ is_new: boolean }>(sql`
      insert into portfolio_recipients (lane, portfolio, contact_id, last_at)
      select ${lane}::smallint, ${lease.portfolio}, id, app_now() from unnest(${array([...new Set(contactIds)], "uuid")}) as c(id)
      on conflict (lane, portfolio, contact_id) do update set last_at = excluded.last_at
      returning (xmax = 0) as is_new`);
    const added = counted.filter((row) => row.is_new).length;
    await tx.db.execute(sql`
      update portfolio_usage set used = used + ${added}::int where portfolio = ${lease.portfolio}`);
    await tx.db.execute(
      sql`delete from portfolio_leases where id = ${lease.id}::uuid or expires_at < clock_timestamp()`,
    );
  });
}

/** Locks the portfolio's row and brings its count up to date where that is due; with room again, what was told is over. */
async function lockedUsage(tx: Context, portfolio: string, allowed: number): Promise<number> {
  await tx.db.execute(sql`
    insert into portfolio_usage (portfolio, used, counted_at) values (${portfolio}, 0, '-infinity') on conflict do nothing`);
  const [row] = await tx.db.execute<{ used: number; is_stale: boolean }>(sql`
    select used, counted_at not between app_now() - make_interval(secs => ${RECOUNT_SECONDS}) and app_now() as is_stale
    from portfolio_usage where portfolio = ${portfolio} for update`);
  if (row && !row.is_stale) return row.used;
  await tx.db.execute(sql`
    delete from portfolio_recipients where portfolio = ${portfolio} and last_at <= app_now() - interval '24 hours'`);
  const [counted] = await tx.db.execute<{ used: number }>(sql`
    update portfolio_usage u set counted_at = app_now(),
      used = (select count(*)::int from portfolio_recipients r where r.portfolio = u.portfolio)
    where u.portfolio = ${portfolio} returning used`);
  const used = counted?.used ?? 0;
  if (used < allowed) await resolveNotice(tx, portfolioNotice(portfolio));
  return used;
}

/** Nobody more for now: its numbers rest a while instead of asking all the time, and people are told. */
async function rest(tx: Context, { portfolio, allowed }: { portfolio: string; allowed: number }): Promise<void> {
  const numbers = await tx.db.execute<{ number_id: string; name: string }>(sql`
    update number_tokens t set hold_until = clock_timestamp() + make_interval(secs => ${FULL_SECONDS}), hold_code = null
    from phone_numbers p where p.id = t.number_id and coalesce(p.portfolio_id, 'account ' || p.waba_id) = ${portfolio}
      and (t.hold_until is null or t.hold_until < clock_timestamp())
    returning t.number_id, p.display_number as name`);
  const [number] = numbers;
  if (!number) return;
  await raiseNotice(tx, {
    kind: "portfolio_full",
    key: portfolioNotice(portfolio),
    subject: { type: "number", id: number.number_id },
    params: { name: number.name, limit: allowed },
  });
}
