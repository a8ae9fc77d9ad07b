import { createHmac } from "node:crypto";
import { and, desc, eq, gt, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { accessLinks, authSessions, secondFactors, signInFailures, users } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { isRole, type Role, type UserActor } from "./actor";
import { type Context, transaction } from "./context";
import { type SignInStep, stepOf } from "./second-factor";
import { ACCESS_LINK_LIFE_MS, type AccessLinkKind, isLive, SESSION_LIFE_MS, SESSIONS_PER_USER } from "./sessions";
import { countedFailures, FREE_FAILURES, waitMs } from "./sign-in-delay";
import { hashToken, newToken } from "./tokens";

export interface User {
  id: string;
  email: string;
  name: string;
  passwordHash: string | null;
  roles: Role[];
  disabledAt: Date | null;
}

const userColumns = {
  id: users.id,
  email: users.email,
  name: users.name,
  passwordHash: users.passwordHash,
  roles: users.roles,
  disabledAt: users.disabledAt,
};

/** The database's real clock: sessions, links and delays do not follow business time. */
export async function realNow(tx: Context): Promise<Date> {
  const [row] = await tx.db.execute<{ ms: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`,
  );
  if (!row) throw new Error("the database answered no time");
  return new Date(row.ms);
}

export async function findUserByEmail(tx: Context, email: string): Promise<User | undefined> {
  const [row] = await tx.db
    .select(userColumns)
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  return row && withRoles(row);
}

/** The person, locked until the transaction ends. Throws not_found. */
export async function userForUpdate(tx: Context, userId: string): Promise<User> {
  const [row] = await tx.db.select(userColumns).from(users).where(eq(users.id, userId)).for("update");
  if (!row) throw new AppError("not_found", { what: "user" });
  return withRoles(row);
}

/** Adds a person. Throws conflict when the address is taken. */
export async function insertUser(
  tx: Context,
  user: Pick<User, "id" | "email" | "name" | "roles" | "passwordHash">,
): Promise<void> {
  const added = await tx.db
    .insert(users)
    .values({ ...user, createdAt: await realNow(tx) })
    .onConflictDoNothing()
    .returning({ id: users.id });
  if (added.length === 0) throw new AppError("conflict", { field: "email" });
}

/** One change of who is in charge at a time. Taken before any person's row, so that two of them cannot deadlock. */
export async function lockTeam(tx: Context): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('identity.team'))`);
}

/** Refuses a change that would leave nobody in charge: an owner who can sign in. Needs `lockTeam`. */
export async function keepAnOwner(tx: Context, without: string): Promise<void> {
  const [other] = await tx.db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        sql`'owner' = any(${users.roles})`,
        isNull(users.disabledAt),
        isNotNull(users.passwordHash),
        ne(users.id, without),
      ),
    )
    .limit(1);
  if (!other) throw new AppError("conflict", { reason: "last_owner" });
}

/** Opens a session and ends the oldest beyond the limit. Returns the secret that the cookie carries. */
export async function openSession(
  tx: Context,
  userId: string,
  { userAgent, mfaAt }: { userAgent: string | null; mfaAt: Date | null },
): Promise<string> {
  const sid = newToken();
  const at = await realNow(tx);
  await tx.db.insert(authSessions).values({
    sidHash: hashToken(sid),
    userId,
    createdAt: at,
    lastSeenAt: at,
    userAgent: userAgent?.slice(0, 256) ?? null,
    mfaAt,
  });
  const live = await tx.db
    .select({ sidHash: authSessions.sidHash })
    .from(authSessions)
    .where(
      and(
        eq(authSessions.userId, userId),
        isNull(authSessions.revokedAt),
        gt(authSessions.createdAt, new Date(at.getTime() - SESSION_LIFE_MS)),
      ),
    )
    .orderBy(desc(authSessions.createdAt), desc(authSessions.sidHash));
  const surplus = live.slice(SESSIONS_PER_USER).map((session) => session.sidHash);
  if (surplus.length > 0) {
    await tx.db.update(authSessions).set({ revokedAt: at }).where(inArray(authSessions.sidHash, surplus));
  }
  return sid;
}

/** Ends every session of a person, except the one given. Returns how many ended. */
export async function revokeSessions(tx: Context, userId: string, except?: string): Promise<number> {
  const ended = await tx.db
    .update(authSessions)
    .set({ revokedAt: await realNow(tx) })
    .where(
      and(
        eq(authSessions.userId, userId),
        isNull(authSessions.revokedAt),
        except === undefined ? undefined : ne(authSessions.sidHash, Buffer.from(except, "hex")),
      ),
    )
    .returning({ userId: authSessions.userId });
  return ended.length;
}

/** Makes a link that works once and ends the person's earlier ones. */
export async function openAccessLink(
  tx: Context,
  { userId, kind }: { userId: string; kind: AccessLinkKind },
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken();
  const at = await realNow(tx);
  const expiresAt = new Date(at.getTime() + ACCESS_LINK_LIFE_MS[kind]);
  await closeAccessLinks(tx, userId);
  await tx.db.insert(accessLinks).values({
    tokenHash: hashToken(token),
    kind,
    userId,
    createdBy: tx.actor.kind === "user" ? tx.actor.userId : null,
    createdAt: at,
    expiresAt,
  });
  return { token, expiresAt };
}

export async function closeAccessLinks(tx: Context, userId: string): Promise<void> {
  await tx.db
    .update(accessLinks)
    .set({ usedAt: await realNow(tx) })
    .where(and(eq(accessLinks.userId, userId), isNull(accessLinks.usedAt)));
}

/** The live session of a cookie's secret, its person, and how far into the product it leads. */
export async function readSession(ctx: Context, sid: string) {
  const [row] = await ctx.db
    .select({
      sidHash: authSessions.sidHash,
      createdAt: authSessions.createdAt,
      lastSeenAt: authSessions.lastSeenAt,
      revokedAt: authSessions.revokedAt,
      mfaAt: authSessions.mfaAt,
      userId: users.id,
      name: users.name,
      email: users.email,
      roles: users.roles,
      locale: users.locale,
      region: users.region,
      disabledAt: users.disabledAt,
      confirmedAt: secondFactors.confirmedAt,
      mode: installation.mode,
    })
    .from(authSessions)
    .innerJoin(users, eq(users.id, authSessions.userId))
    .innerJoin(installation, sql`true`)
    .leftJoin(secondFactors, eq(secondFactors.userId, authSessions.userId))
    .where(eq(authSessions.sidHash, hashToken(sid)));
  if (!row || row.disabledAt) return undefined;
  const at = await realNow(ctx);
  if (!isLive(row, at)) return undefined;
  const roles = row.roles.filter(isRole);
  const actor: UserActor = { kind: "user", userId: row.userId, roles, sessionId: row.sidHash.toString("hex") };
  const step: SignInStep = stepOf({ mode: row.mode, roles, hasFactor: row.confirmedAt !== null, mfaAt: row.mfaAt });
  return { row, at, actor, step };
}

/** What is guessed at: the password of an account, from an address, or the code of a person. */
export interface Guess {
  kind: keyof typeof FREE_FAILURES;
  value: string;
}

/**
 * Counts one attempt before its answer is looked at, in a transaction of its own: a hundred at once get no more guesses
 * than a hundred in a row. Throws AppError("too_many_attempts", { retryAfterSeconds }) when earlier failures still ask for
 * patience.
 */
export async function countAttempt(ctx: Context, guess: Guess): Promise<void> {
  const wait = await transaction(ctx, async (tx) => {
    const key = failureKey(tx, guess);
    const { at, ...failures } = await failuresForUpdate(tx, key);
    const ms = waitMs(failures, FREE_FAILURES[guess.kind], at);
    if (ms === 0) await setFailures(tx, key, countedFailures(failures, at) + 1, at);
    return ms;
  });
  if (wait === 0) return;
  log.warn("session.delayed", { waitMs: wait });
  throw new AppError("too_many_attempts", { retryAfterSeconds: Math.ceil(wait / 1000) });
}

/** A success clears the slate. */
export async function forgetAttempts(tx: Context, guess: Guess): Promise<void> {
  await forgetFailures(tx, failureKey(tx, guess));
}

/** Many people sign in from one office: a success takes back its own attempt and leaves the failures of others. */
export async function takeBackAttempt(tx: Context, guess: Guess): Promise<void> {
  const key = failureKey(tx, guess);
  const { count, lastAt } = await failuresForUpdate(tx, key);
  await setFailures(tx, key, Math.max(0, count - 1), lastAt);
}

function failureKey(ctx: Context, { kind, value }: Guess): Buffer {
  return createHmac("sha256", ctx.secrets.lookupKey).update(`sign-in\0${kind}\0${value.toLowerCase()}`).digest();
}

/** Failures by key (a hash of account or address), locked until the transaction ends. */
async function failuresForUpdate(tx: Context, key: Buffer) {
  const at = await realNow(tx);
  await tx.db.insert(signInFailures).values({ key, failures: 0, firstAt: at, lastAt: at }).onConflictDoNothing();
  const [row] = await tx.db
    .select({ count: signInFailures.failures, firstAt: signInFailures.firstAt, lastAt: signInFailures.lastAt })
    .from(signInFailures)
    .where(eq(signInFailures.key, key))
    .for("update");
  if (!row) throw new Error("a row that was just inserted is gone");
  return { ...row, at };
}

async function setFailures(tx: Context, key: Buffer, count: number, at: Date): Promise<void> {
  await tx.db
    .update(signInFailures)
    .set({ failures: count, lastAt: at, ...(count === 1 ? { firstAt: at } : {}) })
    .where(eq(signInFailures.key, key));
}

async function forgetFailures(tx: Context, key: Buffer): Promise<void> {
  await tx.db.update(signInFailures).set({ failures: 0 }).where(eq(signInFailures.key, key));
}

/** So many at once, and so many an hour from then on. */
export interface Rate {
  burst: number;
  perHour: number;
}

/** Takes one token out of a bucket, in real time. Throws AppError("too_many_requests", { retryAfterSeconds }) when it is empty. */
export async function takeToken(ctx: Context, key: Buffer, { burst, perHour }: Rate): Promise<void> {
  const perSecond = perHour / 3_600;
  const [taken] = await ctx.db.execute<{ is_new: boolean }>(sql`
    insert into rate_buckets as held (key, tokens, taken_at) values (${key}, ${burst - 1}::float8, now())
    on conflict (key) do update set taken_at = now(), tokens =
      least(${burst}::float8, held.tokens + extract(epoch from now() - held.taken_at) * ${perSecond}::float8) - 1
    where held.tokens + extract(epoch from now() - held.taken_at) * ${perSecond}::float8 >= 1
    returning xmax = 0 as is_new`);
  if (!taken) throw new AppError("too_many_requests", { retryAfterSeconds: Math.ceil(1 / perSecond) });
  // A bucket nobody took from for a day is full again, so it says nothing.
  if (taken.is_new) await ctx.db.execute(sql`delete from rate_buckets where taken_at < now() - interval '1 day'`);
}

function withRoles<T extends { roles: string[] }>(row: T): Omit<T, "roles"> & { roles: Role[] } {
  return { ...row, roles: row.roles.filter(isRole) };
}
