import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { type Actor, type Role, systemActor } from "../actor";
import { actingAs, type Context } from "../context";
import { openingScopes } from "../key-scopes";
import { findAccessLink } from "../queries/find-access-link";
import { findApiKeyByToken } from "../queries/find-api-key-by-token";
import { findSession } from "../queries/find-session";
import { getInstallation } from "../queries/get-installation";
import { listApiKeys } from "../queries/list-api-keys";
import { listRoleGivers } from "../queries/list-role-givers";
import { listUsers } from "../queries/list-users";
import { acceptAccessLink } from "./accept-access-link";
import { changeRoles } from "./change-roles";
import { createApiKey } from "./create-api-key";
import { createFirstOwner } from "./create-first-owner";
import { createPerson } from "./create-person";
import { createResetLink } from "./create-reset-link";
import { disableUser } from "./disable-user";
import { enableUser } from "./enable-user";
import { inviteUser } from "./invite-user";
import { revokeApiKey } from "./revoke-api-key";
import { signIn } from "./sign-in";
import { signOut } from "./sign-out";

const t = await testDatabase();
afterAll(() => t.close());

const desk = t.context(systemActor("console"), { db: t.as("console") });
const terminal = actingAs(desk, systemActor("terminal"));
const nowhere = { address: null, userAgent: null };
const newPassword = "mi gato duerme mucho";
const address = () => `${newId()}@example.com`;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "no refusal",
    (error) => ({ code: error.code, ...error.params }),
  );

async function member(...roles: Role[]): Promise<{ ctx: Context; userId: string; email: string; password: string }> {
  const email = address();
  const created = await createPerson(terminal, { email, name: `Persona ${roles.join(" ")}`, roles });
  const ctx = actingAs(desk, { kind: "user", userId: created.userId, roles, sessionId: null });
  return { ctx, email, ...created };
}

test("a fresh installation gets one owner, even when two starts meet", async () => {
  const made = await Promise.all(
    ["a", "b"].map((name) => createFirstOwner(terminal, { email: `${name}@example.com`, name })),
  );
  expect(made.filter((owner) => owner !== undefined)).toHaveLength(1);
  expect(await createFirstOwner(terminal, { email: "c@example.com", name: "c" })).toBeUndefined();
});

test("an invitation link sets the password, works once, and the person can sign in", async () => {
  const { ctx } = await member("admin");
  const email = address();
  const { token, userId } = await inviteUser(ctx, { email, name: "Ana Gil", roles: ["marketer"] });
  expect(await findAccessLink(desk, { token })).toEqual({ kind: "invitation", name: "Ana Gil", email });
  expect(await refusal(acceptAccessLink(desk, { token, password: "short" }))).toEqual({
    code: "invalid_input",
    field: "password",
    reason: "too_short",
  });
  expect(await acceptAccessLink(desk, { token, password: newPassword })).toEqual({ userId, email });
  expect(await findAccessLink(desk, { token })).toBeUndefined();
  expect(await refusal(acceptAccessLink(desk, { token, password: newPassword }))).toMatchObject({ code: "not_found" });
  expect(await signIn(desk, { email, password: newPassword }, nowhere)).toHaveProperty("sid");
});

test("of two people who use a link at once, one sets the password", async () => {
  const { ctx } = await member("owner");
  const { token } = await inviteUser(ctx, { email: address(), name: "Ana", roles: ["marketer"] });
  const both = [`${newPassword} 1`, `${newPassword} 2`].map((password) =>
    refusal(acceptAccessLink(desk, { token, password })),
  );
  expect((await Promise.all(both)).filter((answer) => answer === "no refusal")).toHaveLength(1);
});

test("a link runs out, and a new one ends the one before", async () => {
  const { ctx } = await member("owner");
  const first = await inviteUser(ctx, { email: address(), name: "Ana", roles: ["marketer"] });
  const second = await createResetLink(ctx, { userId: first.userId });
  expect(await findAccessLink(desk, { token: first.token })).toBeUndefined();
  expect(await findAccessLink(desk, { token: second.token })).toMatchObject({ kind: "invitation" });
  await t.db.execute(sql`update access_links set expires_at = now() where user_id = ${first.userId}`);
  expect(await refusal(acceptAccessLink(desk, { token: second.token, password: newPassword }))).toMatchObject({
    code: "not_found",
  });
});

test("a reset ends the sessions of whoever had the old password", async () => {
  const { ctx } = await member("owner");
  const lost = await member("marketer");
  const { sid } = await signIn(desk, lost, nowhere);
  const { token } = await createResetLink(ctx, { userId: lost.userId });
  expect(await findSession(desk, { sid })).toBeDefined();
  await acceptAccessLink(desk, { token, password: newPassword });
  expect(await findSession(desk, { sid })).toBeUndefined();
  expect(await refusal(signIn(desk, lost, nowhere))).toMatchObject({ code: "invalid_credentials" });
});

test("an address belongs to one person, in any spelling", async () => {
  const { ctx } = await member("owner");
  const taken = await member("marketer");
  expect(
    await refusal(inviteUser(ctx, { email: taken.email.toUpperCase(), name: "Otra", roles: ["marketer"] })),
  ).toEqual({
    code: "conflict",
    field: "email",
  });
});

test("new roles count at once and ask for a new session", async () => {
  const { ctx } = await member("owner");
  const person = await member("marketer");
  const { sid } = await signIn(desk, person, nowhere);
  await changeRoles(ctx, { userId: person.userId, roles: ["approver"] });
  expect(await findSession(desk, { sid })).toBeUndefined();
  const again = await signIn(desk, person, nowhere);
  expect((await findSession(desk, again))?.actor.roles).toEqual(["approver"]);
});

test("nobody gives themselves a role, except in solo mode", async () => {
  const { ctx, userId } = await member("owner");
  const change = () => refusal(changeRoles(ctx, { userId, roles: ["owner", "compliance"] }));
  expect(await change()).toEqual({ code: "second_person_required" });
  await t.db.execute(sql`update installation set solo_mode = true`);
  expect(await change()).toBe("no refusal");
  await t.db.execute(sql`update installation set solo_mode = false`);
});

test("an administrator cannot make, change, disable or let in owners and compliance officers", async () => {
  const { ctx } = await member("admin");
  const officer = await member("compliance");
  const forbidden = { code: "forbidden", permission: "user.manage" };
  expect(await refusal(inviteUser(ctx, { email: address(), name: "X", roles: ["owner"] }))).toEqual(forbidden);
  expect(await refusal(changeRoles(ctx, { userId: officer.userId, roles: ["marketer"] }))).toEqual(forbidden);
  expect(await refusal(disableUser(ctx, officer))).toEqual(forbidden);
  expect(await refusal(createResetLink(ctx, officer))).toEqual(forbidden);
  const marketer = await member("marketer");
  expect(await refusal(changeRoles(ctx, { userId: marketer.userId, roles: ["compliance"] }))).toEqual(forbidden);
});

test("a disabled person is out at once, with sessions and links, and can be let in again", async () => {
  const { ctx } = await member("owner");
  const person = await member("marketer");
  const { sid } = await signIn(desk, person, nowhere);
  const { token } = await createResetLink(ctx, person);
  await disableUser(ctx, person);
  await disableUser(ctx, person);
  expect(await findSession(desk, { sid })).toBeUndefined();
  expect(await findAccessLink(desk, { token })).toBeUndefined();
  await enableUser(ctx, person);
  expect(await findSession(desk, { sid })).toBeUndefined();
  expect(await signIn(desk, person, nowhere)).toHaveProperty("sid");
});

test("the last owner stays, also when two owners disable each other at once", async () => {
  await t.db.execute(sql`update users set disabled_at = now() where 'owner' = any(roles)`);
  const [one, two] = [await member("owner"), await member("owner")];
  const answers = await Promise.all([refusal(disableUser(one.ctx, two)), refusal(disableUser(two.ctx, one))]);
  const [row] = await t.db.execute<{ owners: number }>(
    sql`select count(*)::int as owners from users where 'owner' = any(roles) and disabled_at is null`,
  );
  expect(row).toEqual({ owners: 1 });
  expect(answers).toContain("no refusal");
});

test("the team page lists everybody with state and roles, and no secret", async () => {
  const { ctx, userId } = await member("owner");
  const invited = await inviteUser(ctx, { email: address(), name: "Aaron", roles: ["executive"] });
  const people = await listUsers(ctx);
  expect(people.find((person) => person.id === invited.userId)).toMatchObject({
    status: "invited",
    roles: ["executive"],
    isManageable: true,
  });
  expect(people.find((person) => person.id === userId)).toMatchObject({
    status: "active",
    isSelf: true,
    isManageable: false,
  });
  expect(JSON.stringify(people)).not.toContain("argon2");
  expect(await listRoleGivers((await member("executive")).ctx)).toContain("Persona owner");
});

test("an API key is recognised by its token until it ends, and the database cannot reproduce it", async () => {
  const { ctx } = await member("owner");
  const { keyId, token } = await createApiKey(ctx, { name: "Tienda", scopes: ["conversion.write"], days: 30 });
  expect(token).toMatch(/^wk_sandbox_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
  const ingress = t.context(systemActor("ingress"), { db: t.as("ingress") });
  expect(await findApiKeyByToken(ingress, { token })).toEqual({ kind: "api_key", keyId, scopes: ["conversion.write"] });
  const forged = `${token.slice(0, -1)}${token.endsWith("a") ? "b" : "a"}`;
  expect(await findApiKeyByToken(ingress, { token: forged })).toBeUndefined();
  const [row] = await t.db.execute(sql`select * from api_keys where id = ${keyId}`);
  expect(JSON.stringify(row)).not.toContain(token.split("_")[3]);
  expect(row?.last_used_at).not.toBeNull();
  await revokeApiKey(ctx, { keyId });
  expect(await findApiKeyByToken(ingress, { token })).toBeUndefined();
  expect(await refusal(revokeApiKey(ctx, { keyId }))).toMatchObject({ code: "not_found" });
});

test("nobody gives a program more than they have: who may issue which key", async () => {
  const who = [["owner"], ["admin"], ["compliance"], ["owner", "compliance"]] as const;
  const answers: Record<string, string[]> = {};
  for (const roles of who) {
    const { ctx } = await member(...roles);
    const given: string[] = [];
    for (const scope of openingScopes) {
      const answer = await refusal(createApiKey(ctx, { name: scope, scopes: [scope], days: 1 }));
      if (answer === "no refusal") given.push(scope);
      else expect(answer).toEqual({ code: "forbidden", permission: scope });
    }
    answers[roles.join(" ")] = given;
  }
  expect(answers).toEqual({
    owner: ["conversion.write", "campaign.read", "segment.read"],
    admin: ["conversion.write", "campaign.read", "segment.read", "import.read"],
    compliance: ["campaign.read", "segment.read", "import.read", "consent.report", "ledger.read"],
    "owner compliance": [...openingScopes],
  });
  for (const role of ["marketer", "approver", "executive"] as const) {
    const { ctx } = await member(role);
    const answer = await refusal(createApiKey(ctx, { name: "x", scopes: ["campaign.read"], days: 1 }));
    expect(answer).toEqual({ code: "forbidden", permission: "api_key.manage" });
  }
});

test("one scope that is not theirs to give, and no key is made", async () => {
  const { ctx } = await member("admin");
  const before = await listApiKeys(ctx);
  const both = createApiKey(ctx, { name: "Todo", scopes: ["conversion.write", "ledger.read"], days: 1 });
  expect(await refusal(both)).toEqual({ code: "forbidden", permission: "ledger.read" });
  expect(await listApiKeys(ctx)).toEqual(before);
});

test("the list says what each key may do, who made it and whether it still opens, and no secret; each end is in the log", async () => {
  const { ctx, userId } = await member("compliance");
  const input = { name: "Auditoría", scopes: ["ledger.read"], days: 90 } as const;
  const { keyId, token } = await createApiKey(ctx, { ...input, scopes: [...input.scopes] });
  const one = async () => (await listApiKeys(ctx)).find(({ id }) => id === keyId);
  expect(await one()).toMatchObject({
    name: "Auditoría",
    scopes: ["ledger.read"],
    createdBy: "Persona compliance",
    state: "active",
    lastUsedAt: null,
    revokedAt: null,
  });
  await findApiKeyByToken(desk, { token });
  expect((await one())?.lastUsedAt).toBeInstanceOf(Date);
  await revokeApiKey(ctx, { keyId });
  expect(await one()).toMatchObject({ state: "revoked", revokedAt: expect.any(Date) });
  const secret = token.split("_")[3];
  expect(JSON.stringify(await listApiKeys(ctx))).not.toContain(secret);
  const logged = await t.db.execute(
    sql`select type, actor_id as by from audit_events where subject = ${keyId} order by at, type`,
  );
  expect(logged).toEqual([
    { type: "api_key.created", by: userId },
    { type: "api_key.revoked", by: userId },
  ]);
});

test("a key ends on its day", async () => {
  const { ctx } = await member("owner");
  const { keyId, token } = await createApiKey(ctx, { name: "Tienda", scopes: ["conversion.write"], days: 1 });
  await t.db.execute(sql`update api_keys set expires_at = now() where id = ${keyId}`);
  expect(await findApiKeyByToken(desk, { token })).toBeUndefined();
});

test("every command and query refuses an actor without its permission, and does so before anything else", async () => {
  const nobody: Actor = { kind: "user", userId: newId(), roles: [], sessionId: null };
  const ctx = actingAs(desk, nobody);
  const userId = newId();
  const person = { email: address(), name: "X", roles: ["marketer"] as Role[] };
  const all: Record<string, () => Promise<unknown>> = {
    signIn: () => signIn(ctx, { email: "a@b.co", password: "x" }, nowhere),
    signOut: () => signOut(ctx, { sid: "x" }),
    inviteUser: () => inviteUser(ctx, person),
    createResetLink: () => createResetLink(ctx, { userId }),
    acceptAccessLink: () => acceptAccessLink(ctx, { token: "x", password: "x" }),
    changeRoles: () => changeRoles(ctx, { userId, roles: ["owner"] }),
    disableUser: () => disableUser(ctx, { userId }),
    enableUser: () => enableUser(ctx, { userId }),
    createPerson: () => createPerson(ctx, person),
    createFirstOwner: () => createFirstOwner(ctx, person),
    createApiKey: () => createApiKey(ctx, { name: "x", scopes: ["conversion.write"], days: 1 }),
    revokeApiKey: () => revokeApiKey(ctx, { keyId: userId }),
    findSession: () => findSession(ctx, { sid: "x" }),
    findApiKeyByToken: () => findApiKeyByToken(ctx, { token: "x" }),
    findAccessLink: () => findAccessLink(ctx, { token: "x" }),
    listUsers: () => listUsers(ctx),
    listApiKeys: () => listApiKeys(ctx),
    listRoleGivers: () => listRoleGivers(ctx),
    getInstallation: () => getInstallation(ctx),
  };
  for (const [name, run] of Object.entries(all))
    expect(await refusal(run()), name).toMatchObject({ code: "forbidden" });
});
