import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { lookupOf } from "@/lib/audience/identifier";
import { campaignWorld, type World } from "@/lib/campaigns/testing/world";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { secretPlace } from "@/lib/numbers/number";
import { sendTestTemplate } from "./commands/send-test-template";

const t = await testDatabase();
const OWN = "+34600123456";

let answer: { status: number; body: unknown };
let requests: { path: string; body: Record<string, unknown> }[] = [];
const graph = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    requests.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
});
await new Promise<void>((resolve) => graph.listen(0, "127.0.0.1", resolve));
const { port } = graph.address() as AddressInfo; // it listens on a port, not on a pipe

afterAll(async () => {
  graph.closeAllConnections();
  await new Promise((resolve) => graph.close(resolve));
  await t.close();
});

let world: World;
let admin: Awaited<ReturnType<World["person"]>>;
beforeAll(async () => {
  world = await campaignWorld(t);
  const { numberId } = world.ids;
  const token = seal(installationKey(t.secrets.keyEncryptionKey), "a-token", secretPlace("token", numberId));
  await t.db.execute(sql`
    update phone_numbers set base_url = ${`http://127.0.0.1:${port}`}, token_sealed = ${token} where id = ${numberId}`);
});
/** Another person each time, so that nobody's tests of an hour add up. */
beforeEach(async () => {
  admin = await world.person("Ada Gil", "admin");
  requests = [];
  answer = { status: 200, body: { messages: [{ id: "wamid.1" }] } };
  await t.db.execute(sql`update installation set mode = 'sandbox'`);
  await t.db.execute(sql`update phone_numbers set endpoint = 'messages'`);
});

const input = (over: object = {}) => ({
  numberId: world.ids.numberId,
  templateId: world.templateIds.a,
  to: OWN,
  confirmed: false,
  ...over,
});
const written = async () =>
  t.db.execute<{ type: string; data: Record<string, unknown> }>(sql`
    select type, data from audit_events where actor_id = ${admin.userId} and type like 'number.test%' order by at, id`);

test("one message leaves for the number that was typed, with words that say it is a test; it is written down before and after", async () => {
  expect(await sendTestTemplate(admin, input())).toEqual({ kind: "accepted", wamid: "wamid.1" });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.path).toBe("/v25.0/800000000000001/messages");
  expect(requests[0]?.body).toMatchObject({ to: OWN, template: { name: "enero_a" } });
  expect(JSON.stringify(requests[0]?.body)).toContain("ejemplo");
  const log = await written();
  expect(log.map(({ type }) => type)).toEqual(["number.test_started", "number.test_ended"]);
  expect(JSON.stringify(log)).not.toContain(OWN.slice(1));
});

test("a number that sends over the marketing API tests that way, with its product policy", async () => {
  await t.db.execute(sql`update phone_numbers set endpoint = 'marketing_messages', product_policy = 'STRICT'`);
  await sendTestTemplate(admin, input());
  expect(requests[0]).toMatchObject({
    path: "/v25.0/800000000000001/marketing_messages",
    body: { product_policy: "STRICT" },
  });
});

test("in a live installation nothing leaves before the person confirms", async () => {
  await t.db.execute(sql`update installation set mode = 'live'`);
  await expect(sendTestTemplate(admin, input())).rejects.toMatchObject({ params: { field: "confirmed" } });
  expect(requests).toEqual([]);
  expect(await sendTestTemplate(admin, input({ confirmed: true }))).toMatchObject({ kind: "accepted" });
});

test("who is blocked is not written to, not even as a test", async () => {
  const blocked = "+34600999999";
  const lookup = lookupOf(t.secrets.lookupKey, { kind: "phone", value: blocked });
  await t.db.execute(sql`
    insert into suppression_lookups (lane, lookup, kind, scope, since)
    values (lane_of_hash(${lookup}), ${lookup}, 'withdrawn', 'all', now())`);
  await expect(sendTestTemplate(admin, input({ to: blocked }))).rejects.toMatchObject({ code: "consent_missing" });
  expect(requests).toEqual([]);
});

test("a stopped number, a template that is not approved and a number that is none send nothing", async () => {
  const { numberId } = world.ids;
  await expect(sendTestTemplate(admin, input({ to: "12345" }))).rejects.toMatchObject({ params: { field: "to" } });
  await t.db.execute(sql`update templates set status = 'PAUSED' where id = ${world.templateIds.b}`);
  const paused = sendTestTemplate(admin, input({ templateId: world.templateIds.b }));
  await expect(paused).rejects.toMatchObject({ code: "template_not_usable" });
  await engageKillSwitch(admin, { level: "number", targetId: numberId, reason: "Lo revisamos" });
  await expect(sendTestTemplate(admin, input())).rejects.toMatchObject({ code: "number_not_usable" });
  await t.db.execute(sql`update kill_switches set cause = 'new_number'`);
  expect(await sendTestTemplate(admin, input())).toMatchObject({ kind: "accepted" });
  await t.db.execute(sql`delete from kill_switches`);
  expect(requests).toHaveLength(1);
});

test.each([
  ["a refusal", 401, { error: { message: "x", code: 190 } }, { kind: "refused", code: 190, cause: "token" }],
  ["an answer that says nothing", 502, "<html>", { kind: "unclear" }],
])("%s is told as it is, and is not repeated", async (_name, status, body, expected) => {
  answer = { status, body };
  expect(await sendTestTemplate(admin, input())).toEqual(expected);
  expect(requests).toHaveLength(1);
});

test("ten an hour are the most, also when asked for at once", async () => {
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => sendTestTemplate(admin, input())));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  expect(requests).toHaveLength(10);
});

test("only who manages numbers may", async () => {
  await expect(sendTestTemplate(world.people.lucia, input())).rejects.toMatchObject({ code: "forbidden" });
});
