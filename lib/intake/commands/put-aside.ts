import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import type { DeadItem } from "../placed";

/** Key of the notice that tells of the quarantine; one for all of it. */
const QUARANTINE_NOTICE = "webhook_quarantined";

/** Keeps what could not be applied, with the reason, where a person sees it and can have it applied again. */
export async function putAside(ctx: Context, dead: readonly DeadItem[]): Promise<void> {
  authorize(ctx, "job.run");
  if (dead.length === 0) return;
  const column = <Key extends keyof DeadItem>(key: Key) => dead.map((one) => one[key]);
  await ctx.db.execute(sql`
    insert into webhook_dead_items (lane, inbox_id, position, kind, error, at)
    select d.lane, d.inbox_id, d.position, d.kind, d.error, ${ctx.now()}::timestamptz
    from unnest(${array(column("lane"), "smallint")}, ${array(column("inboxId"), "uuid")},
      ${array(column("position"), "int")}, ${array(column("kind"), "text")}, ${array(column("error"), "text")})
      as d(lane, inbox_id, position, kind, error)
    on conflict (lane, inbox_id, position) do update set error = excluded.error, at = excluded.at`);
  const [first] = dead;
  await raiseNotice(ctx, {
    kind: "webhook_quarantined",
    key: QUARANTINE_NOTICE,
    ...(first && { subject: { type: "webhooks", id: first.inboxId } }),
    params: { count: dead.length },
  });
}

/** Takes the notice back when nothing is left in the quarantine. */
export async function resolveQuarantineNotice(ctx: Context): Promise<void> {
  authorize(ctx, "notice.raise");
  const open = await ctx.db.execute(sql`select 1 from webhook_dead_items where resolved_at is null limit 1`);
  if (open.length === 0) await resolveNotice(ctx, QUARANTINE_NOTICE);
}
