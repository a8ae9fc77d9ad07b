import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "../actor";
import { actingAs, type Context } from "../context";
import { findSession } from "../queries/find-session";
import { findSignInStep } from "../queries/find-sign-in-step";
import { getOwnFactor } from "../queries/get-own-factor";
import { requireRecentFactor } from "../recent-factor";
import { totpCode, totpStep } from "../totp";
import { changeRoles } from "./change-roles";
import { completeSignIn } from "./complete-sign-in";
import { confirmFactor } from "./confirm-factor";
import { createApiKey } from "./create-api-key";
import { createPerson } from "./create-person";
import { inviteUser } from "./invite-user";
import { removeFactor } from "./remove-factor";
import { renewRecoveryCodes } from "./renew-recovery-codes";
import { resetFactor } from "./reset-factor";
import { showFactor } from "./show-factor";
import { signIn } from "./sign-in";
import { startFactor } from "./start-factor";

const t = await testDatabase();
afterAll(() => t.close());

const desk = t.context(systemActor("console"), { db: t.as("console") });
const terminal = actingAs(desk, systemActor("terminal"));
const nowhere = { address: null, userAgent: "Test browser" };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "no refusal",
    (error) => ({ code: error.code, ...error.params }),
  );
const setMode = (mode: "sandbox" | "live") => t.db.execute(sql`update installation set mode = ${mode}`);
afterEach(() => setMode("sandbox"));

interface Member {
  userId: string;
  email: string;
  password: string;
}

async function member(...roles: Role[]): Promise<Member> {
  const email = `${newId()}@example.com`;
  return { email, ...(await createPerson(terminal, { email, name: "Marta Ruiz", roles })) };
}

/** The context of the person behind a cookie. */
async function inside(sid: string): Promise<Context> {
  const session = await findSession(desk, { sid });
  if (!session) throw new Error("nobody is signed in");
  return actingAs(desk, session.actor);
}

/** Reads base 32 as an app does. */
function bytesOf(secret: string): Buffer {
  const bits = [...secret.replaceAll(" ", "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** An app: each call gives a code that was not given before, as waiting for the next one would. */
function app(secret: string): () => Promise<string> {
  const key = bytesOf(secret);
  return async () => {
    // the step that was used is forgotten instead of waited out
    await t.db.execute(sql`update second_factors set last_step = null`);
    return totpCode({ secret: key, step: totpStep(new Date()) });
  };
}

async function enrol(person: Member) {
  const { sid } = await signIn(desk, person, nowhere);
  const ctx = await inside(sid);
  const { secret } = await startFactor(ctx);
  const nextCode = app(secret);
  const confirmed = await confirmFactor(ctx, { code: await nextCode() }, null);
  return { ...confirmed, nextCode, before: sid };
}

let person: Member;
beforeEach(async () => {
  person = await member("compliance");
});

test("an app counts once a code confirmed it; then the old sessions have ended and a new one is open", async () => {
  const { sid } = await signIn(desk, person, nowhere);
  const ctx = await inside(sid);
  const { secret, uri } = await startFactor(ctx);
  expect(uri).toContain(`secret=${secret.replaceAll(" ", "")}`);
  expect(await refusal(confirmFactor(ctx, { code: "WRONG" }, null))).toEqual({ code: "factor_wrong" });
  expect((await getOwnFactor(ctx)).since).toBeUndefined();
  expect((await signIn(desk, person, nowhere)).step).toBe("in");
  const confirmed = await confirmFactor(ctx, { code: await app(secret)() }, null);
  expect(await findSession(desk, { sid })).toBeUndefined();
  const now = await inside(confirmed.sid);
  expect(await getOwnFactor(now)).toMatchObject({ recoveryCodesLeft: 10, isRequired: false });
  expect(await refusal(startFactor(now))).toMatchObject({ code: "conflict" });
  const stored = JSON.stringify([
    await t.db.execute(sql`select * from second_factors`),
    await t.db.execute(sql`select * from recovery_codes`),
  ]);
  expect(stored).not.toContain(bytesOf(secret).toString("hex"));
  expect(confirmed.recoveryCodes).toHaveLength(10);
  expect(confirmed.recoveryCodes.filter((code) => stored.includes(code.replaceAll("-", "")))).toEqual([]);
});

test("the password alone opens nothing; the code makes a new session, and works once", async () => {
  const { nextCode } = await enrol(person);
  const first = await signIn(desk, person, nowhere);
  expect(first.step).toBe("code");
  expect(await findSession(desk, first)).toBeUndefined();
  expect(await findSignInStep(desk, first)).toMatchObject({ step: "code", email: person.email });
  expect(await refusal(completeSignIn(desk, { ...first, code: "WRONG" }, nowhere))).toEqual({ code: "factor_wrong" });
  const code = await nextCode();
  const { sid } = await completeSignIn(desk, { ...first, code }, nowhere);
  expect(sid).not.toBe(first.sid);
  expect(await findSession(desk, { sid })).toBeDefined();
  expect(await findSignInStep(desk, first)).toBeUndefined();
  const second = await signIn(desk, person, nowhere);
  expect(await refusal(completeSignIn(desk, { ...second, code }, nowhere))).toEqual({ code: "factor_wrong" });
});

test("of twenty uses of one code at once, one signs in", async () => {
  const { nextCode } = await enrol(person);
  const first = await signIn(desk, person, nowhere);
  const code = await nextCode();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => refusal(completeSignIn(desk, { ...first, code }, nowhere))),
  );
  expect(answers.filter((answer) => answer === "no refusal")).toHaveLength(1);
});

test("five wrong codes ask for patience, whoever signs in again", async () => {
  await enrol(person);
  for (let i = 0; i < 5; i++) {
    const first = await signIn(desk, person, nowhere);
    expect(await refusal(completeSignIn(desk, { ...first, code: "WRONG" }, nowhere))).toEqual({
      code: "factor_wrong",
    });
  }
  const again = await signIn(desk, person, nowhere);
  expect(await refusal(completeSignIn(desk, { ...again, code: "WRONG" }, nowhere))).toMatchObject({
    code: "too_many_attempts",
  });
});

test("a recovery code lets in once, and a new set ends the old one", async () => {
  const { sid, recoveryCodes } = await enrol(person);
  const code = (recoveryCodes[0] ?? "").replaceAll("-", "");
  const enter = async () => completeSignIn(desk, { ...(await signIn(desk, person, nowhere)), code }, nowhere);
  const ctx = await inside((await enter()).sid);
  expect(await getOwnFactor(ctx)).toMatchObject({ recoveryCodesLeft: 9 });
  expect(await refusal(enter())).toEqual({ code: "factor_wrong" });
  const renewed = await renewRecoveryCodes(await inside(sid));
  expect(renewed.filter((one) => recoveryCodes.includes(one))).toEqual([]);
  const old = (recoveryCodes[1] ?? "").replaceAll("-", "");
  const first = await signIn(desk, person, nowhere);
  expect(await refusal(completeSignIn(desk, { ...first, code: old }, nowhere))).toEqual({ code: "factor_wrong" });
});

test("half an hour after the password the second step is over", async () => {
  const { nextCode } = await enrol(person);
  const first = await signIn(desk, person, nowhere);
  await t.db.execute(
    sql`update auth_sessions set created_at = created_at - interval '31 minutes' where mfa_at is null`,
  );
  const code = await nextCode();
  expect(await refusal(completeSignIn(desk, { ...first, code }, nowhere))).toEqual({ code: "session_expired" });
});

test("a real installation asks four roles to set up an app at their first sign-in, and lets the others in", async () => {
  await setMode("live");
  const steps: Partial<Record<Role, string>> = {};
  for (const role of ["owner", "admin", "approver", "compliance", "marketer", "executive"] as const) {
    steps[role] = (await signIn(desk, await member(role), nowhere)).step;
  }
  expect(steps).toEqual({
    owner: "enrol",
    admin: "enrol",
    approver: "enrol",
    compliance: "enrol",
    marketer: "in",
    executive: "in",
  });
  const first = await signIn(desk, person, nowhere);
  expect(await findSession(desk, first)).toBeUndefined();
  const step = await findSignInStep(desk, first);
  if (step?.step !== "enrol") throw new Error("the app is not asked for");
  const ctx = actingAs(desk, step.actor);
  const { secret } = await startFactor(ctx);
  const { sid } = await confirmFactor(ctx, { code: await app(secret)() }, null);
  expect(await refusal(removeFactor(await inside(sid)))).toEqual({ code: "factor_required", reason: "role" });
});

test("where it is not required it can be taken away again", async () => {
  const { sid } = await enrol(person);
  await removeFactor(await inside(sid));
  expect((await signIn(desk, person, nowhere)).step).toBe("in");
});

test("a lost app is reset by another person, never by oneself, and the sessions end", async () => {
  const owner = await member("owner");
  const ctx = await inside((await signIn(desk, owner, nowhere)).sid);
  const { sid } = await enrol(person);
  await resetFactor(ctx, person);
  expect(await findSession(desk, { sid })).toBeUndefined();
  expect((await signIn(desk, person, nowhere)).step).toBe("in");
  expect(await refusal(resetFactor(ctx, owner))).toEqual({ code: "second_person_required" });
  const admin = await inside((await signIn(desk, await member("admin"), nowhere)).sid);
  expect(await refusal(resetFactor(admin, owner))).toMatchObject({ code: "forbidden" });
  const events = await t.db.execute(
    sql`select type, actor_id as by from audit_events where subject = ${person.userId} and type = 'factor.reset'`,
  );
  expect(events).toEqual([{ type: "factor.reset", by: owner.userId }]);
});

test("ten minutes after a code, what asks for a recent one asks again, and a new code opens it", async () => {
  const owner = await member("owner");
  const { sid, nextCode } = await enrol(owner);
  const ctx = await inside(sid);
  const key = () => createApiKey(ctx, { name: "Tienda", scopes: ["conversion.write"], days: 1 });
  expect(await refusal(key())).toBe("no refusal");
  await t.db.execute(sql`update auth_sessions set mfa_at = mfa_at - interval '11 minutes'`);
  const all = [
    key(),
    changeRoles(ctx, { userId: person.userId, roles: ["marketer"] }),
    inviteUser(ctx, { email: `${newId()}@example.com`, name: "X", roles: ["marketer"] }),
    resetFactor(ctx, person),
    renewRecoveryCodes(ctx),
    removeFactor(ctx),
  ].map(refusal);
  expect(await Promise.all(all)).toEqual(all.map(() => ({ code: "factor_required" })));
  await showFactor(ctx, { code: await nextCode() });
  expect(await refusal(key())).toBe("no refusal");
});

test("somebody else's session is no proof, and a real installation asks whoever has no app", async () => {
  const owner = await member("owner");
  const { sid } = await enrol(owner);
  const other = await enrol(person);
  const borrowed = (await findSession(desk, other))?.actor.sessionId ?? null;
  const thief = actingAs(desk, { kind: "user", userId: owner.userId, roles: ["owner"], sessionId: borrowed });
  expect(await refusal(requireRecentFactor(thief))).toEqual({ code: "factor_required" });
  expect(await refusal(requireRecentFactor(await inside(sid)))).toBe("no refusal");
  const marketer = await inside((await signIn(desk, await member("marketer"), nowhere)).sid);
  expect(await refusal(requireRecentFactor(marketer))).toBe("no refusal");
  await setMode("live");
  expect(await refusal(requireRecentFactor(marketer))).toEqual({ code: "factor_required", reason: "not_enrolled" });
});
