import { sql } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "../actor";
import { authorize } from "../authorize";
import { actingAs } from "../context";
import { findSession } from "../queries/find-session";
import { createPerson } from "./create-person";
import { signIn } from "./sign-in";
import { signOut } from "./sign-out";

const t = await testDatabase();
afterAll(() => t.close());

const desk = t.context(systemActor("console"), { db: t.as("console") });
const terminal = actingAs(desk, systemActor("terminal"));
const nowhere = { address: null, userAgent: "Test browser" };

let email: string;
let userId: string;
let password: string;

beforeEach(async () => {
  email = `${newId()}@example.com`;
  ({ userId, password } = await createPerson(terminal, { email, name: "Marta Ruiz", roles: ["marketer"] }));
});

const enter = (attempt = password) => signIn(desk, { email, password: attempt }, nowhere);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "no refusal",
    (error) => ({ code: error.code, ...error.params }),
  );

test("the right password opens a session whose person has their roles", async () => {
  const { sid } = await enter();
  const session = await findSession(desk, { sid });
  expect(session).toMatchObject({ actor: { kind: "user", userId, roles: ["marketer"] }, name: "Marta Ruiz", email });
  const stored = await t.db.execute(
    sql`select encode(sid_hash, 'hex') as hash from auth_sessions where user_id = ${userId}`,
  );
  expect(stored).toEqual([{ hash: session?.actor.sessionId }]);
  expect(JSON.stringify(stored)).not.toContain(sid);
});

test("a wrong password, an unknown address and a disabled account get the same answer", async () => {
  const wrong = await refusal(enter("not the password"));
  const unknown = await refusal(signIn(desk, { email: "nobody@example.com", password }, nowhere));
  await t.db.execute(sql`update users set disabled_at = now() where id = ${userId}`);
  const disabled = await refusal(enter());
  expect(wrong).toEqual({ code: "invalid_credentials" });
  expect(unknown).toEqual(wrong);
  expect(disabled).toEqual(wrong);
});

test("after five failures an account asks for patience, known or not, and says for how long", async () => {
  for (const address of [email, "ghost@example.com"]) {
    const attempt = () => refusal(signIn(desk, { email: address, password: "guess" }, nowhere));
    for (let i = 0; i < 5; i++) expect(await attempt()).toEqual({ code: "invalid_credentials" });
    expect(await attempt()).toEqual({ code: "too_many_attempts", retryAfterSeconds: 15 });
  }
  expect(await refusal(enter())).toMatchObject({ code: "too_many_attempts" });
});

test("when the wait is over one more guess is heard, and the right password clears the slate", async () => {
  const rest = (seconds: number) =>
    t.db.execute(sql`update sign_in_failures set last_at = last_at - ${seconds} * interval '1 second'`);
  for (let i = 0; i < 5; i++) await refusal(enter("guess"));
  await rest(16);
  expect(await refusal(enter("guess"))).toEqual({ code: "invalid_credentials" });
  expect(await refusal(enter())).toMatchObject({ code: "too_many_attempts", retryAfterSeconds: 30 });
  await rest(31);
  await enter();
  expect(await refusal(enter("guess"))).toEqual({ code: "invalid_credentials" });
});

test("twenty guesses at once are not more guesses than five in a row", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => refusal(enter("guess"))));
  const heard = answers.filter((answer) => typeof answer === "object" && answer.code === "invalid_credentials");
  expect(heard).toHaveLength(5);
});

test("twenty failures from one network address slow down that address, whatever the account", async () => {
  const origin = { address: "203.0.113.7", userAgent: null };
  for (let i = 0; i < 20; i++) {
    expect(await refusal(signIn(desk, { email: `p${i}@example.com`, password: "guess" }, origin))).toEqual({
      code: "invalid_credentials",
    });
  }
  expect(await refusal(signIn(desk, { email, password }, origin))).toMatchObject({ code: "too_many_attempts" });
  await signIn(desk, { email, password }, { ...origin, address: "203.0.113.8" });
});

test("a session that was ended is refused at once", async () => {
  const { sid } = await enter();
  await signOut(desk, { sid });
  expect(await findSession(desk, { sid })).toBeUndefined();
  await signOut(desk, { sid });
});

test("idle for 30 minutes, older than 12 hours, or of a disabled person: no session", async () => {
  const cases = [
    sql`update auth_sessions set last_seen_at = now() - interval '31 minutes' where user_id = ${userId}`,
    sql`update auth_sessions set created_at = now() - interval '12 hours', last_seen_at = now() where user_id = ${userId}`,
    sql`update users set disabled_at = now() where id = ${userId}`,
  ];
  for (const change of cases) {
    const { sid } = await enter();
    expect(await findSession(desk, { sid })).toBeDefined();
    await t.db.execute(change);
    expect(await findSession(desk, { sid })).toBeUndefined();
  }
});

test("using a session keeps it alive", async () => {
  const { sid } = await enter();
  await t.db.execute(
    sql`update auth_sessions set last_seen_at = now() - interval '29 minutes' where user_id = ${userId}`,
  );
  await findSession(desk, { sid });
  const [row] = await t.db.execute(
    sql`select last_seen_at > now() - interval '1 minute' as "isFresh" from auth_sessions where user_id = ${userId}`,
  );
  expect(row).toEqual({ isFresh: true });
});

test("roles are read again on each request", async () => {
  const { sid } = await enter();
  await t.db.execute(sql`update users set roles = array['executive'] where id = ${userId}`);
  const session = await findSession(desk, { sid });
  if (!session) throw new Error("the session is gone");
  expect(() => authorize(actingAs(desk, session.actor), "campaign.edit")).toThrow("forbidden");
});

test("a sixth session ends the oldest", async () => {
  const sids: string[] = [];
  for (let i = 0; i < 6; i++) sids.push((await enter()).sid);
  const alive = await Promise.all(sids.map((sid) => findSession(desk, { sid })));
  expect(alive.map((session) => session !== undefined)).toEqual([false, true, true, true, true, true]);
});

test("a cookie that nobody was given opens nothing", async () => {
  expect(await findSession(desk, { sid: "" })).toBeUndefined();
  expect(await findSession(desk, { sid: "0".repeat(43) })).toBeUndefined();
});

test("every sign-in is an audit event with its entry in the ledger, and neither holds an address", async () => {
  await enter();
  const events = await t.db.execute(sql`
    select event.type, event.actor_kind as kind, event.actor_id as who, entry.type as "entryType",
      convert_from(entry.leaf, 'UTF8') like '%' || event.id || '%' as "isNamed", event.data
    from audit_events event join log_entries entry on entry.lane = event.entry_lane and entry.id = event.entry_id
    where event.subject = ${userId} order by event.id`);
  expect(events).toEqual([
    {
      type: "user.created",
      kind: "system",
      who: "terminal",
      entryType: "user.created",
      isNamed: true,
      data: '{"roles":["marketer"]}',
    },
    { type: "session.opened", kind: "user", who: userId, entryType: "session.opened", isNamed: true, data: "{}" },
  ]);
});
