import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { users } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { killSwitches, phoneNumbers } from "@/db/schema/numbers";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "@/lib/identity/actor";
import { startSandbox } from "@/lib/whatsapp/sandbox/server";
import { changeNumberSettings } from "./commands/change-number-settings";
import { connectNumber } from "./commands/connect-number";
import { createBrand } from "./commands/create-brand";
import { engageKillSwitch } from "./commands/engage-kill-switch";
import { noteRefusedWebhook } from "./commands/note-refused-webhook";
import { pasteNumber } from "./commands/paste-number";
import { readNumberHealth } from "./commands/read-number-health";
import { askRelease, releaseKillSwitch } from "./commands/release-kill-switch";
import { renewToken } from "./commands/renew-token";
import { makeVerifyToken, subscribeNumber } from "./commands/set-up-webhooks";
import { testConnection, testNumber } from "./commands/test-connection";
import type { PasteNumberInput } from "./number";
import { getNumber } from "./queries/get-number";
import { listNumbers } from "./queries/list-numbers";
import { listWebhookSecrets } from "./queries/list-webhook-secrets";

const t = await testDatabase();
const sandbox = await startSandbox({ port: 0 });

/** A Graph API of this file's own for what the sandbox does not do by itself. */
let answers: Record<string, { status?: number; body: unknown }> = {};
let calls: string[] = [];
const graph = createServer((request, response) => {
  const path = (request.url ?? "").replace(/^\/v[\d.]+/, "").replace(/\?.*$/, "");
  calls.push(`${request.method} ${path}`);
  const { status = 200, body } = answers[path] ?? { status: 400, body: refusal(100, 33) };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
await new Promise<void>((resolve) => graph.listen(0, "127.0.0.1", resolve));
const graphUrl = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`; // it listens on a port, not on a pipe

/** The place where Meta would ask for the verify token: says yes to whatever it is asked. */
let challenges = 0;
const receiver = createServer((request, response) => {
  challenges++;
  response.end(new URL(request.url ?? "", "http://receiver").searchParams.get("hub.challenge") ?? "");
});
await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
const callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/whatsapp`;

afterAll(async () => {
  await sandbox.close();
  for (const server of [graph, receiver]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await t.close();
});

function refusal(code: number, subcode?: number) {
  return { error: { message: `(#${code})`, code, error_subcode: subcode } };
}

async function person(...roles: Role[]) {
  const userId = newId();
  const row = {
    id: userId,
    name: roles.join(),
    email: `${userId}@example.com`,
    passwordHash: "x",
    roles,
    createdAt: new Date(),
  };
  await t.db.insert(users).values(row);
  return t.context({ kind: "user", userId, roles, sessionId: null }, { db: t.as("console") });
}

const admin = await person("admin");
const worker = t.context(systemActor("worker"), { db: t.as("worker") });
const { brandId } = await createBrand(t.context(systemActor("terminal")), { name: "Olmo", controller: "Olmo S. L." });

const pasted = (changed: Partial<PasteNumberInput> = {}): PasteNumberInput => ({
  brandId,
  wabaId: sandbox.wabaId,
  phoneNumberId: sandbox.phoneNumberId,
  appId: "1",
  portfolioId: undefined,
  token: sandbox.token,
  appSecret: sandbox.appSecret,
  baseUrl: sandbox.url,
  apiVersion: "v25.0",
  ...changed,
});

const last = async (input: PasteNumberInput) => (await testConnection(admin, input)).checks.at(-1)?.finding;
const atGraph = (changed: Partial<PasteNumberInput> = {}) =>
  pasted({ baseUrl: graphUrl, wabaId: "900", phoneNumberId: "800", token: "a-token", ...changed });
const number = (over: object = {}) => ({
  body: { id: "800", display_phone_number: "+1 555-010-0100", verified_name: "Olmo", ...over },
});

beforeEach(async () => {
  answers = {};
  calls = [];
  for (const table of ["kill_switches", "number_events", "notices", "account_calls", "phone_numbers"])
    await t.db.execute(sql`delete from ${sql.identifier(table)}`);
  await t.db.update(installation).set({ mode: "sandbox" });
});

describe("test connection", () => {
  test("the right ids and token are usable, and nothing of them is kept", async () => {
    const report = await testConnection(admin, pasted());
    expect(report.isUsable).toBe(true);
    expect(report.displayNumber).toBeTruthy();
    expect(report.checks.map(({ check, result }) => `${check} ${result}`).slice(0, 3)).toEqual([
      "mode ok",
      "number ok",
      "account ok",
    ]);
    expect(await listNumbers(admin)).toEqual([]);
  });

  test("a wrong token, number or account is told apart, at the sandbox as at Meta", async () => {
    expect(await last(pasted({ token: "expired" }))).toBe("token_refused");
    expect(await last(pasted({ phoneNumberId: "123" }))).toBe("number_unknown");
    expect(await last(pasted({ wabaId: "456" }))).toBe("account_unknown");
  });

  test("a wrong app secret is told before the first webhook is refused, where the app may be read at all", async () => {
    const found = async (input: PasteNumberInput) => {
      const { checks, isUsable } = await testConnection(admin, input);
      return [isUsable, checks.find(({ check }) => check === "secret")?.finding];
    };
    const { appId } = sandbox;
    expect(await found(pasted({ appId }))).toEqual([true, "secret_ok"]);
    expect(await found(pasted({ appId, appSecret: "copied wrongly" }))).toEqual([true, "secret_refused"]);
    answers["/800"] = number();
    answers["/900/phone_numbers"] = { body: { data: [{ id: "800", display_phone_number: "+1 555-010-0100" }] } };
    answers["/900/subscribed_apps"] = { body: { data: [] } };
    answers["/1"] = { status: 403, body: refusal(200) };
    expect(await found(atGraph())).toEqual([true, undefined]);
  });

  test.each([
    ["an expired token", 401, refusal(190, 463), "token_refused"],
    ["a token without the permission", 403, refusal(200), "token_permission"],
    ["a token of somebody else's app", 400, refusal(100, 33), "number_unknown"],
    ["too many calls", 400, refusal(80_007), "throttled"],
    ["another refusal", 400, refusal(1), "refused"],
    ["an answer that is none", 502, "<html>", "unreachable"],
  ])("%s is said so", async (_name, status, body, finding) => {
    answers["/800"] = { status, body };
    expect(await last(atGraph())).toBe(finding);
  });

  test("nobody listens: unreachable", async () => {
    expect(await last(atGraph({ baseUrl: "http://127.0.0.1:1" }))).toBe("unreachable");
  });

  test("a number of another account and a token of another app are told apart", async () => {
    answers["/800"] = number();
    answers["/900/phone_numbers"] = { body: { data: [{ id: "801", display_phone_number: "+1 555-010-0100" }] } };
    answers["/900/subscribed_apps"] = { body: { data: [] } };
    expect(await last(atGraph())).toBe("number_elsewhere");
    answers["/900/phone_numbers"] = { body: { data: [{ id: "800", display_phone_number: "+1 555-010-0100" }] } };
    expect(await last(atGraph())).toBe("not_subscribed");
    const subscribed = (id: string) => ({ body: { data: [{ whatsapp_business_api_data: { id } }] } });
    answers["/900/subscribed_apps"] = subscribed("2");
    expect(await last(atGraph())).toBe("other_app");
    answers["/900/subscribed_apps"] = subscribed("1");
    expect(await last(atGraph())).toBe("subscribed");
  });

  test("a token never goes to an address of the other mode", async () => {
    expect(await last(atGraph({ baseUrl: "https://graph.facebook.com" }))).toBe("mode_needs_sandbox");
    await t.db.update(installation).set({ mode: "live" });
    expect(await last(atGraph())).toBe("mode_needs_real");
    expect(calls).toEqual([]);
  });

  test("only who manages numbers may", async () => {
    await expect(testConnection(await person("marketer"), pasted())).rejects.toMatchObject({ code: "forbidden" });
  });
});

async function connected(input = pasted()): Promise<string> {
  const result = await pasteNumber(admin, input);
  if (result.kind !== "connected") throw new Error(JSON.stringify(result.report.checks));
  return result.numberId;
}

async function row(numberId: string) {
  const [found] = await t.db.select().from(phoneNumbers).where(eq(phoneNumbers.id, numberId));
  if (!found) throw new Error("no number");
  return found;
}

const openNotices = async () =>
  (await t.db.execute<{ kind: string }>(sql`select kind from notices where resolved_at is null order by kind`)).map(
    ({ kind }) => kind,
  );

describe("connecting", () => {
  test("a number that proved usable is kept with its secrets sealed, read at once and listed without them", async () => {
    const numberId = await connected();
    const stored = await row(numberId);
    for (const sealed of [stored.tokenSealed, stored.appSecretSealed]) {
      expect(sealed.includes(sandbox.token)).toBe(false);
      expect(sealed.includes(sandbox.appSecret)).toBe(false);
    }
    const view = await getNumber(admin, { numberId });
    expect(view).toMatchObject({ health: "ok", status: "CONNECTED", nameStatus: "APPROVED" });
    const shown = JSON.stringify(view);
    for (const secret of [sandbox.token, sandbox.appSecret]) expect(shown).not.toContain(secret);
  });

  test("one that did not is not kept", async () => {
    expect(await pasteNumber(admin, pasted({ token: "expired" }))).toMatchObject({ kind: "not_usable" });
    expect(await listNumbers(admin)).toEqual([]);
  });

  test("pasting it again renews its token, and never moves it to another address, account or brand", async () => {
    const numberId = await connected();
    const finding = async (changed: Partial<PasteNumberInput>) => {
      const result = await pasteNumber(admin, changed.baseUrl === graphUrl ? atGraph(changed) : pasted(changed));
      return result.kind === "connected"
        ? result.numberId
        : result.report.checks.filter(({ check }) => check === "known");
    };
    expect(await finding({})).toBe(numberId);
    const { phoneNumberId } = sandbox;
    answers[`/${phoneNumberId}`] = number({ id: phoneNumberId });
    answers["/900/phone_numbers"] = {
      body: { data: [{ id: phoneNumberId, display_phone_number: "+1 555-010-0100" }] },
    };
    answers["/900/subscribed_apps"] = { body: { data: [] } };
    const elsewhere = [{ check: "known", finding: "known_elsewhere", result: "bad" }];
    expect(await finding({ baseUrl: graphUrl, phoneNumberId })).toEqual(elsewhere);
    const other = await createBrand(t.context(systemActor("terminal")), { name: "Haya", controller: "Haya S. L." });
    expect(await finding({ brandId: other.brandId })).toEqual([
      { check: "known", finding: "known_brand", result: "bad" },
    ]);
    expect(await row(numberId)).toMatchObject({ baseUrl: sandbox.url, wabaId: sandbox.wabaId, brandId });
  });

  test("what is written down of it holds no secret", async () => {
    const numberId = await connected();
    await makeVerifyToken(admin, { numberId });
    const written = JSON.stringify(await t.db.execute(sql`select type, data from audit_events`));
    for (const secret of [sandbox.token, sandbox.appSecret]) expect(written).not.toContain(secret);
  });

  test("a verify token is shown once; its hash is what the ingress compares", async () => {
    const numberId = await connected();
    const { verifyToken } = await makeVerifyToken(admin, { numberId });
    const { verifyTokenHash } = await row(numberId);
    expect(verifyTokenHash.toString("utf8")).not.toContain(verifyToken);
    const ingress = t.context(systemActor("ingress"), { db: t.as("ingress") });
    const [secret] = await listWebhookSecrets(ingress);
    expect(secret?.verifyTokenHash.equals(verifyTokenHash)).toBe(true);
  });

  test("subscribing has the address verified, and afterwards the connection test finds our app", async () => {
    const numberId = await connected();
    const before = challenges;
    expect(await subscribeNumber(admin, { numberId, callbackUrl })).toEqual({ kind: "subscribed" });
    expect(challenges).toBeGreaterThan(before);
    await t.db.update(phoneNumbers).set({ appId: null });
    expect((await testNumber(admin, { numberId })).checks.at(-1)).toMatchObject({ finding: "subscribed" });
  });

  test("an address that Meta cannot reach is said so", async () => {
    const numberId = await connected();
    const nowhere = await subscribeNumber(admin, { numberId, callbackUrl: "http://127.0.0.1:1/webhooks/whatsapp" });
    expect(nowhere.kind).toBe("failed");
  });

  test("a webhook under another app secret leaves a mark at the account that it names", async () => {
    const numberId = await connected();
    const ingress = t.context(systemActor("ingress"), { db: t.as("ingress") });
    await noteRefusedWebhook(ingress, Buffer.from("nonsense"));
    await noteRefusedWebhook(ingress, Buffer.from(JSON.stringify({ entry: [{ id: "elsewhere" }] })));
    expect((await row(numberId)).webhookRefusedAt).toBeNull();
    await noteRefusedWebhook(ingress, Buffer.from(JSON.stringify({ entry: [{ id: sandbox.wabaId }] })));
    expect((await row(numberId)).webhookRefusedAt).not.toBeNull();
  });
});

describe("the hourly read", () => {
  /** A number at this file's own Graph API. */
  async function read(): Promise<string> {
    answers["/800"] = number({ quality_rating: "GREEN", status: "CONNECTED", throughput: { level: "STANDARD" } });
    answers["/900/phone_numbers"] = { body: { data: [{ id: "800", display_phone_number: "+1 555-010-0100" }] } };
    answers["/900/subscribed_apps"] = { body: { data: [] } };
    return connected(atGraph());
  }

  test("what Meta says now is what the number is; the limit is the portfolio's", async () => {
    const numberId = await read();
    answers["/800"] = number({
      quality_rating: "YELLOW",
      throughput: { level: "HIGH" },
      whatsapp_business_manager_messaging_limit: "TIER_10K",
      name_status: "APPROVED",
    });
    expect(await readNumberHealth(worker, { numberId })).toBe("ok");
    expect(await row(numberId)).toMatchObject({
      qualityRating: "YELLOW",
      throughputLevel: "HIGH",
      messagesPerSecond: 1_000,
      messagingLimit: "TIER_10K",
    });
    expect(await openNotices()).toEqual(["number_quality"]);
    answers["/800"] = number({ quality_rating: "GREEN" });
    await readNumberHealth(worker, { numberId });
    expect(await openNotices()).toEqual([]);
  });

  test("a coexistence number stays at its 20 messages a second", async () => {
    const numberId = await read();
    const { endpoint, productPolicy, apiVersion, baseUrl } = await row(numberId);
    const settings = { numberId, endpoint, productPolicy, apiVersion, baseUrl, isCoexistence: true };
    await changeNumberSettings(admin, settings);
    await readNumberHealth(worker, { numberId });
    expect(await row(numberId)).toMatchObject({ throughputLevel: "COEXISTENCE", messagesPerSecond: 20 });
  });

  test("an expired token is the number's state and a notice, until a new one works; what was known stays", async () => {
    const numberId = await read();
    const good = answers["/800"];
    answers["/800"] = { status: 401, body: refusal(190, 463) };
    expect(await readNumberHealth(worker, { numberId })).toBe("token");
    expect(await row(numberId)).toMatchObject({ health: "token", qualityRating: "GREEN" });
    expect(await openNotices()).toEqual(["number_unhealthy"]);
    expect(await renewToken(admin, { numberId, token: "still wrong" })).toEqual({
      kind: "not_usable",
      finding: "token_refused",
    });
    if (good) answers["/800"] = good;
    expect(await renewToken(admin, { numberId, token: "a new one" })).toEqual({ kind: "renewed" });
    expect(await row(numberId)).toMatchObject({ health: "ok" });
    expect(await openNotices()).toEqual([]);
  });

  test("a quality that fell to RED stops the number once; released by two people, the next read leaves it so", async () => {
    const numberId = await read();
    answers["/800"] = number({ quality_rating: "RED" });
    await readNumberHealth(worker, { numberId });
    expect((await getNumber(admin, { numberId })).stops).toMatchObject([{ level: "number", cause: "quality" }]);
    await t.db.update(killSwitches).set({ releasedAt: new Date() });
    await readNumberHealth(worker, { numberId });
    expect((await getNumber(admin, { numberId })).stops).toEqual([]);
  });

  test("after too many calls nothing more is asked until the wait is over, each wait twice as long", async () => {
    const numberId = await read();
    answers["/800"] = { status: 400, body: refusal(80_007) };
    expect(await readNumberHealth(worker, { numberId })).toBe("throttled");
    const asked = calls.length;
    expect(await readNumberHealth(worker, { numberId })).toBe("throttled");
    expect(calls).toHaveLength(asked);
    const wait = async () =>
      (
        await t.db.execute<{ seconds: number }>(sql`
          select extract(epoch from calls_after - clock_timestamp())::float8 as seconds from account_calls`)
      )[0]?.seconds;
    expect(await wait()).toBeCloseTo(60, -1);
    await t.db.execute(sql`update account_calls set calls_after = clock_timestamp() - interval '1 second'`);
    await readNumberHealth(worker, { numberId });
    expect(await wait()).toBeCloseTo(120, -1);
  });
});

describe("stop and release", () => {
  let compliance: Awaited<ReturnType<typeof person>>;
  let owner: Awaited<ReturnType<typeof person>>;
  let approver: Awaited<ReturnType<typeof person>>;
  beforeAll(async () => {
    [compliance, owner, approver] = await Promise.all([person("compliance"), person("owner"), person("approver")]);
  });

  async function stopped(): Promise<{ numberId: string; switchId: string }> {
    const numberId = await connected();
    const switchId = await engageKillSwitch(admin, { level: "number", targetId: numberId, reason: "Lo revisamos" });
    return { numberId, switchId };
  }

  test("release takes two people with a reason, one of them compliance", async () => {
    const { numberId, switchId } = await stopped();
    await expect(releaseKillSwitch(owner, { switchId })).rejects.toMatchObject({ code: "approval_required" });
    await askRelease(owner, { switchId, reason: "Arreglado con Meta" });
    await expect(releaseKillSwitch(owner, { switchId })).rejects.toMatchObject({ code: "second_person_required" });
    await expect(releaseKillSwitch(approver, { switchId })).rejects.toMatchObject({ code: "second_person_required" });
    await expect(releaseKillSwitch(admin, { switchId })).rejects.toMatchObject({ code: "forbidden" });
    expect((await getNumber(owner, { numberId })).stops).toMatchObject([
      { reason: "Lo revisamos", release: { reason: "Arreglado con Meta" } },
    ]);
    await releaseKillSwitch(compliance, { switchId });
    expect((await getNumber(owner, { numberId })).stops).toEqual([]);
    const events = await t.db.execute<{ type: string }>(sql`
      select type from audit_events where subject = ${switchId} order by at, id`);
    expect(events.map(({ type }) => type)).toEqual([
      "kill_switch.engaged",
      "kill_switch.release_asked",
      "kill_switch.released",
    ]);
  });

  test("a number for real people starts stopped until two people release it", async () => {
    await t.db.update(installation).set({ mode: "live" });
    const numberId = await connectNumber(admin, {
      ...pasted({ baseUrl: "https://graph.facebook.com" }),
      displayNumber: "+1 555-010-0100",
      verifiedName: "Olmo",
      verifyToken: "a-verify-token",
      messagesPerSecond: 80,
      isSandbox: false,
    });
    expect((await getNumber(admin, { numberId })).stops).toMatchObject([{ cause: "new_number" }]);
  });

  test("settings keep to the mode of the number", async () => {
    const { numberId } = await stopped();
    const settings = { numberId, productPolicy: "STRICT", apiVersion: "v26.0", isCoexistence: false } as const;
    const change = (baseUrl: string) =>
      changeNumberSettings(admin, { ...settings, endpoint: "marketing_messages", baseUrl });
    await expect(change("https://graph.facebook.com")).rejects.toMatchObject({ code: "mode_mismatch" });
    await change(sandbox.url);
    expect(await row(numberId)).toMatchObject({
      endpoint: "marketing_messages",
      productPolicy: "STRICT",
      apiVersion: "v26.0",
    });
  });
});
