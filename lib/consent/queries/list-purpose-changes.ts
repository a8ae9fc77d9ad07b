import { sql } from "drizzle-orm";
import * as z from "zod";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

const facts = z.object({ name: z.string(), minAge: z.number().nullable(), retentionDays: z.number() });
const change = z.object({ from: facts, to: facts, reason: z.string() });

export interface PurposeChange extends z.output<typeof change> {
  purposeId: string;
  at: Date;
  by: string;
}

const SHOWN = 100;

/** What was changed of purposes, the newest first. */
export async function listPurposeChanges(ctx: Context): Promise<PurposeChange[]> {
  authorize(ctx, "policy.read");
  const rows = await ctx.db.execute<{ purpose: string; at: string; by: string | null; data: string }>(sql`
    select e.subject as purpose, e.at, u.name as by, e.data from audit_events e
    left join users u on e.actor_kind = 'user' and u.id::text = e.actor_id
    where e.type = 'purpose.changed' order by e.at desc, e.id desc limit ${SHOWN}::int`);
  return rows.flatMap(({ purpose, at, by, data }) => {
    const read = change.safeParse(JSON.parse(data));
    return read.success ? [{ purposeId: purpose, at: new Date(at), by: by ?? "–", ...read.data }] : [];
  });
}
