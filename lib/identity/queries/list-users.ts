import { eq, max, sql } from "drizzle-orm";
import { authSessions, users } from "@/db/schema/identity";
import { isRole, type Role } from "../actor";
import { authorize } from "../authorize";
import type { Context } from "../context";
import { mayManageRoles, statusOf, type UserStatus } from "../team";

/** A team larger than this is no longer one page; nobody has met one. */
const MOST_USERS = 500;

export interface TeamMember {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  status: UserStatus;
  lastSeenAt: Date | null;
  /** Signs in with a code of an app too. */
  hasFactor: boolean;
  /** Whether the person who asks may change this one. */
  isManageable: boolean;
  isSelf: boolean;
}

/** Everybody with an account, by name; disabled people last. */
export async function listUsers(ctx: Context): Promise<TeamMember[]> {
  authorize(ctx, "user.manage");
  const rows = await ctx.db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      roles: users.roles,
      passwordHash: users.passwordHash,
      disabledAt: users.disabledAt,
      lastSeenAt: max(authSessions.lastSeenAt),
      hasFactor: sql<boolean>`exists (select from second_factors factor
        where factor.user_id = ${users.id} and factor.confirmed_at is not null)`,
    })
    .from(users)
    .leftJoin(authSessions, eq(authSessions.userId, users.id))
    .groupBy(users.id)
    .orderBy(sql`${users.disabledAt} is not null`, sql`lower(${users.name})`, users.id)
    .limit(MOST_USERS);
  return rows.map(({ passwordHash, disabledAt, ...row }) => {
    const roles = row.roles.filter(isRole);
    const isSelf = ctx.actor.kind === "user" && ctx.actor.userId === row.id;
    return {
      ...row,
      roles,
      status: statusOf({ passwordHash, disabledAt }),
      isManageable: mayManageRoles(ctx.actor, roles) && !isSelf,
      isSelf,
    };
  });
}
