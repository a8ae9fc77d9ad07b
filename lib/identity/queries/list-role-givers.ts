import { and, isNull, sql } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { authorize } from "../authorize";
import type { Context } from "../context";

const MOST_NAMES = 10;

/** The names of those who can give a role, for the page that says "you may not, but these can let you". */
export async function listRoleGivers(ctx: Context): Promise<string[]> {
  authorize(ctx, "team.read");
  const rows = await ctx.db
    .select({ name: users.name })
    .from(users)
    .where(
      and(
        isNull(users.disabledAt),
        sql`${users.passwordHash} is not null`,
        sql`${users.roles} && array['owner','admin']::text[]`,
      ),
    )
    .orderBy(sql`lower(${users.name})`)
    .limit(MOST_NAMES);
  return rows.map((row) => row.name);
}
