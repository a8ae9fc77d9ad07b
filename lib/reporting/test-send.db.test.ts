import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { lookupOf } from "@/lib/audience/identifier";
import { campaignWorld, type World } from "@/lib/campaigns/testing/world";
import { LANES, newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { secretPlace } from "@/lib/numbers/number";
import { verifyGrounds } from "@/lib/reporting/queries/verify-grounds";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { sendClaimed } from "@/lib/sending/commands/send-claimed";
import { type SendTestTemplateInput, sendTestTemplate, type TestSend } from "@/lib/sending/commands/send-test-template";
import { sendVia } from "@/lib/sending/send-via";
import { withMetaTexts } from "@/lib/whatsapp/authentication-texts";
import { createCloudApi } from "@/lib/whatsapp/client";

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
  await t.db.execute(sql`select set_app_clock(${world.worker.now()}::timestamptz, 0)`); // business time of both stands still
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
  await t.db.execute(sql`delete from kill_switches`);
  await t.db.execute(sql`update messages set state = 'cancelled' where state = 'queued'`);
});

/** A worker that takes what is due through the gate and sends it, while `asked` looks on. */
async function whileSending<T>(asked: Promise<T>): Promise<T> {
  const { numberId } = world.ids;
  const [number] = await t.db.execute<{ endpoint: "messages"; policy: "STRICT" }>(sql`
    select endpoint, product_policy as policy from phone_numbers where id = ${numberId}`);
  const api = createCloudApi({ baseUrl: `http://127.0.0.1:${port}`, apiVersion: "v25.0", token: "a-token" });
  const send = sendVia(api, {
    phoneNumberId: "800000000000001",
    endpoint: number?.endpoint ?? "messages",
    productPolicy: number?.policy ?? "STRICT",
  });
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  asked.then(end, end);
  while (!isDone) {
    for (let lane = 0; lane < LANES && !isDone; lane++) {
      const { messages } = await claimMessages(world.worker, { lane, numberId, limit: 10, workerId: newId() });
      await sendClaimed(world.worker, { numberId, messages, send, mayStart: () => true, concurrency: 1 });
    }
  }
  await api.close();
  return asked;
}

/** Of the last message, once it no longer waits. */
async function lastState() {
  for (;;) {
    const [row] = await t.db.execute<{ state: string; reason: string | null }>(sql`
      select state, reason from messages order by planned_at desc, id desc limit 1`);
    if (row?.state !== "queued") return row;
  }
}

/** The rule of six seconds between messages to one person is another test's matter. */
async function testSend(person: Context, over: Partial<SendTestTemplateInput> = {}): Promise<TestSend> {
  await t.db.execute(sql`update send_attempts set start_before = start_before - interval '1 minute'`);
  return whileSending(sendTestTemplate(person, input(over)));
}

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
  expect(await testSend(admin)).toEqual({ kind: "accepted", wamid: "wamid.1" });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.path).toBe("/v25.0/800000000000001/messages");
  expect(requests[0]?.body).toMatchObject({ to: OWN, template: { name: "enero_a" } });
  expect(JSON.stringify(requests[0]?.body)).toContain("ejemplo");
  const log = await written();
  expect(log.map(({ type }) => type)).toEqual(["number.test_started", "number.test_ended"]);
  expect(JSON.stringify(log)).not.toContain(OWN.slice(1));
});

test("an access code leaves as Meta's own example of one, in the text and in the button that copies it", async () => {
  const components = withMetaTexts(
    [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }],
    "AUTHENTICATION",
    "es",
  );
  await t.db.execute(sql`
    update templates set category = 'AUTHENTICATION', components = ${JSON.stringify(components)}::jsonb
    where id = ${world.templateIds.b}`);
  expect(await testSend(admin, { templateId: world.templateIds.b })).toMatchObject({ kind: "accepted" });
  const parameters = [{ type: "text", text: "123456" }];
  expect(requests[0]?.body).toMatchObject({
    template: {
      components: [
        { type: "body", parameters },
        { type: "button", sub_type: "url", index: "0", parameters },
      ],
    },
  });
});

test("it passes the gate as a test, on the ground that the person declared the number to be theirs", async () => {
  await testSend(admin);
  const attempts = await t.db.execute<{ basis: string; declared_by: string; not_evaluated: number }>(sql`
    select distinct a.basis, a.not_evaluated, o.declared_at is not null as is_declared
    from send_attempts a join own_numbers o on o.lane = a.lane and o.id = a.basis_event_id and o.contact_id = a.contact_id`);
  expect(attempts).toEqual([{ basis: "test", not_evaluated: 0b100110000010, is_declared: true }]);
  expect((await verifyGrounds(await world.person("Iria", "compliance"))).withoutGround).toBe(0);
});

test("a number that is no longer ours gets no test, and one that has waited ten minutes does not leave", async () => {
  await sendTestTemplate(admin, input(), { lookOnMs: 0 });
  await t.db.execute(sql`update send_attempts set start_before = start_before - interval '1 minute'`);
  await t.db.execute(sql`update own_numbers set withdrawn_at = now()`);
  expect(await whileSending(lastState())).toEqual({ state: "skipped", reason: "not_own_number" });
  await sendTestTemplate(admin, input(), { lookOnMs: 0 });
  await t.db.execute(sql`update messages set deadline_at = now() where state = 'queued'`);
  expect(await whileSending(lastState())).toEqual({ state: "missed_deadline", reason: "deadline" });
  expect(requests).toEqual([]);
});

test("a number that sends over the marketing API tests that way, with its product policy", async () => {
  await t.db.execute(sql`update phone_numbers set endpoint = 'marketing_messages', product_policy = 'STRICT'`);
  await testSend(admin);
  expect(requests[0]).toMatchObject({
    path: "/v25.0/800000000000001/marketing_messages",
    body: { product_policy: "STRICT" },
  });
});

test("in a live installation nothing leaves before the person confirms", async () => {
  await t.db.execute(sql`update installation set mode = 'live'`);
  await expect(sendTestTemplate(admin, input())).rejects.toMatchObject({ params: { field: "confirmed" } });
  expect(requests).toEqual([]);
  expect(await testSend(admin, { confirmed: true })).toMatchObject({ kind: "accepted" });
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
  expect(await testSend(admin)).toMatchObject({ kind: "accepted" });
  await t.db.execute(sql`delete from kill_switches`);
  expect(requests).toHaveLength(1);
});

test.each([
  ["a refusal", 401, { error: { message: "x", code: 190 } }, { kind: "refused", code: 190, cause: "token" }],
  ["an answer that says nothing", 502, "<html>", { kind: "unclear" }],
])("%s is told as it is, and is not repeated", async (_name, status, body, expected) => {
  answer = { status, body };
  expect(await testSend(admin)).toEqual(expected);
  expect(requests).toHaveLength(1);
});

test("ten an hour are the most, also when asked for at once", async () => {
  const ask = () => sendTestTemplate(admin, input(), { lookOnMs: 0 });
  const all = await Promise.allSettled(Array.from({ length: 12 }, ask));
  expect(all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))).toEqual(
    Array.from({ length: 10 }, () => ({ kind: "waiting" })),
  );
});

test("only who manages numbers may", async () => {
  await expect(sendTestTemplate(world.people.lucia, input())).rejects.toMatchObject({ code: "forbidden" });
});
