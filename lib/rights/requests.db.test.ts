import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { publicId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { actingAs, type Context } from "@/lib/identity/context";
import { countApprovals, listApprovals } from "@/lib/reporting/queries/list-approvals";
import { applyObjection, applyRectification, applyRestriction, liftRestriction } from "./commands/carry-out";
import { checkIdentityByMessage, confirmIdentityCode, issueIdentityCode } from "./commands/check-identity";
import {
  claimDelivery,
  createDeliveryLink,
  openDelivery,
  reviewPackage,
  revokeDeliveryLink,
} from "./commands/deliver-package";
import { openRequest } from "./commands/open-request";
import { approvePackage, buildPackage, redactPackage } from "./commands/prepare-package";
import { readWords } from "./commands/read-words";
import { assignRequest, closeRequest, extendRequest, refuseRequest } from "./commands/steer-request";
import { getRequest } from "./queries/get-request";
import { listRequests } from "./queries/list-requests";
import type { RequestKind } from "./request";
import { type RightsWorld, rightsWorld } from "./testing/people";

const t = await testDatabase();
afterAll(() => t.close());

let world: RightsWorld;
let iria: Context;
let door: Context;
beforeAll(async () => {
  world = await rightsWorld(t, 12);
  iria = world.iria;
  door = actingAs(iria, systemActor("console"));
});

const DAY_MS = 86_400_000;

async function opened(index: number, kind: RequestKind): Promise<string> {
  return (await openRequest(iria, { contactId: world.contact(index), kind })).requestId;
}

/** A request of somebody who proved who they are over WhatsApp. */
async function proved(index: number, kind: RequestKind): Promise<string> {
  const requestId = await opened(index, kind);
  const inboundId = await world.writes(world.contact(index), "Soy yo: quiero saber qué tenéis de mí");
  await checkIdentityByMessage(iria, { requestId, inboundId });
  return requestId;
}

async function delivered(index: number, kind: RequestKind = "access") {
  const requestId = await proved(index, kind);
  await buildPackage(iria, { requestId });
  await redactPackage(iria, { requestId, redactions: [] });
  await approvePackage(iria, { requestId });
  return { requestId, ...(await createDeliveryLink(iria, { requestId })) };
}

describe("the queue", () => {
  test("has the one with the least time left first, by the law of where the person is", async () => {
    await t.db.execute(sql`update contacts set country = 'BR' where id = ${world.contact(1)}`);
    const spain = await opened(0, "access");
    const brazil = await opened(1, "access");
    const { open } = await listRequests(iria);
    expect(open.map(({ requestId, daysLeft, urgency }) => [requestId, daysLeft, urgency])).toEqual([
      [brazil, 15, "later"],
      [spain, 31, "later"],
    ]);
    expect(await refusalOf(extendRequest(iria, { requestId: brazil, reason: "complex" }))).toMatchObject({
      code: "conflict",
    });
    await extendRequest(iria, { requestId: spain, reason: "complex" });
    expect((await getRequest(iria, { requestId: spain })).daysLeft).toBe(90);
    expect(await refusalOf(extendRequest(iria, { requestId: spain, reason: "many" }))).toMatchObject({
      code: "conflict",
    });
    await refuseRequest(iria, { requestId: brazil, reason: "withdrawn_by_person" });
    const after = await listRequests(iria);
    expect(after.open.map(({ requestId }) => requestId)).toEqual([spain]);
    expect(after.closed.map(({ requestId }) => requestId)).toEqual([brazil]);
  });

  test("goes to officers only, and only officers may read it", async () => {
    const [first] = (await listRequests(iria)).open;
    const requestId = first?.requestId ?? "";
    const lucia = world.world.people.lucia;
    expect(await refusalOf(assignRequest(iria, { requestId, userId: lucia.userId }))).toMatchObject({
      code: "invalid_input",
    });
    if (world.saul.actor.kind === "user") await assignRequest(iria, { requestId, userId: world.saul.actor.userId });
    expect((await listRequests(iria)).open[0]?.assignee).toBe("Saúl Otero");
    expect(await refusalOf(listRequests(lucia))).toMatchObject({ code: "forbidden" });
  });

  test("a request cannot come from the future or from nobody", async () => {
    const later = new Date(iria.now().getTime() + DAY_MS);
    const contactId = world.contact(0);
    expect(await refusalOf(openRequest(iria, { contactId, kind: "access", receivedAt: later }))).toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("who asks", () => {
  test("is shown by a message over their own WhatsApp identity, and by nobody else's", async () => {
    const requestId = await opened(2, "access");
    const foreign = await world.writes(world.contact(3), "Hola");
    expect(await refusalOf(checkIdentityByMessage(iria, { requestId, inboundId: foreign }))).toMatchObject({
      code: "invalid_input",
    });
    const told = await world.writes(world.contact(2), "changed their number");
    await t.db.execute(sql`update inbound_messages set type = 'system', classification = 'system' where id = ${told}`);
    expect(await refusalOf(checkIdentityByMessage(iria, { requestId, inboundId: told }))).toMatchObject({
      code: "invalid_input",
    });
    const own = await world.writes(world.contact(2), "Hola, soy yo");
    expect((await getRequest(iria, { requestId })).evidence.map(({ inboundId }) => inboundId)).toEqual([own]);
    await checkIdentityByMessage(iria, { requestId, inboundId: own });
    expect(await getRequest(iria, { requestId })).toMatchObject({
      status: "identity_checked",
      identity: { method: "whatsapp", by: "Iria Sanz" },
    });
  });

  test("is shown by a one-time code for the address we have: five tries, once", async () => {
    const requestId = await opened(4, "access");
    expect(await refusalOf(issueIdentityCode(iria, { requestId }))).toMatchObject({ code: "invalid_input" });
    await world.knownBy(world.contact(4), "email", "ana4@example.com");
    const { email, code } = await issueIdentityCode(iria, { requestId });
    expect(email).toBe("ana4@example.com");
    const wrong = code === "00000000" ? "11111111" : "00000000";
    for (const triesLeft of [4, 3, 2, 1, 0])
      expect(await confirmIdentityCode(iria, { requestId, code: wrong })).toEqual({ kind: "wrong", triesLeft });
    expect(await confirmIdentityCode(iria, { requestId, code })).toEqual({ kind: "expired" });
    const again = await issueIdentityCode(iria, { requestId });
    expect(await confirmIdentityCode(iria, { requestId, code: ` ${again.code} ` })).toEqual({ kind: "checked" });
    expect((await getRequest(iria, { requestId })).identity).toMatchObject({ method: "email_code" });
  });

  test("nothing is collected before that is known", async () => {
    const requestId = await opened(5, "access");
    expect(await refusalOf(buildPackage(iria, { requestId }))).toMatchObject({ code: "conflict" });
  });
});

describe("the package", () => {
  test("holds what we know: who, what they agreed to word for word, what they read, where the proof is", async () => {
    const requestId = await proved(6, "access");
    await buildPackage(iria, { requestId });
    const { whole } = await reviewPackage(iria, { requestId });
    expect(whole.person).toMatchObject({ id: publicId("con", world.contact(6)), name: "Ana Pérez Gil", country: "ES" });
    expect(whole.identifiers).toMatchObject([{ kind: "phone", value: "+34600100006" }]);
    expect(whole.consent).toMatchObject([
      {
        type: "granted",
        purpose: "Novedades",
        wording: { text: "Quiero recibir ofertas por WhatsApp." },
        evidence: { checkbox: "unticked" },
      },
    ]);
    expect(whole.consentNow).toMatchObject([{ purpose: "Novedades", status: "granted" }]);
    expect(whole.messages).toHaveLength(1);
    const [message] = whole.messages;
    if (message?.experimentArm !== "holdout") {
      expect(message?.text?.slice(0, 2)).toEqual([
        "Hola Ana, empiezan las rebajas.",
        "Responde BAJA para no recibir más",
      ]);
      expect(message?.deliveredAt).not.toBeNull();
      expect(message?.proof?.entry).toMatch(/^ent_/);
    }
    expect(whole.received).toMatchObject([{ text: "Soy yo: quiero saber qué tenéis de mí" }]);
    expect(whole.segments).toEqual(["Todo el mundo"]);
    expect(whole.recipients[0]?.name).toContain("Meta");
    expect(whole.retention.length).toBeGreaterThan(5);
  });

  test("rests sealed, and no step of a request writes personal data into the log", async () => {
    const [{ text = "" } = {}] = await t.db.execute<{ text: string }>(sql`
      select string_agg(e::text, ' ') || (select string_agg(p::text, ' ') from rights_packages p) as text from audit_events e`);
    expect(text).not.toMatch(/600100006|Ana P|ana4@/);
    expect(text).not.toContain(Buffer.from("+34600100006").toString("hex"));
  });

  test("is redacted by somebody before it is approved, and what is about others does not leave", async () => {
    const requestId = await proved(7, "access");
    const other = await world.writes(world.contact(7), "El número de mi vecina Berta es otro");
    await buildPackage(iria, { requestId });
    expect(await refusalOf(approvePackage(iria, { requestId }))).toMatchObject({ code: "conflict" });
    await redactPackage(iria, { requestId, redactions: [{ item: `received:${other}`, reason: "third_party" }] });
    await approvePackage(iria, { requestId });
    const { token } = await createDeliveryLink(iria, { requestId });
    const claim = await claimDelivery(door, { token });
    const delivery = await openDelivery(door, { token, claim });
    const whole = delivery.kind === "package" ? delivery.whole : undefined;
    expect(JSON.stringify(whole)).not.toContain("Berta");
    expect(whole?.received).toContainEqual(expect.objectContaining({ id: other, text: null, redacted: "third_party" }));
  });
});

describe("the link", () => {
  test("belongs to the first browser that opens it, and every look is counted and logged", async () => {
    const { requestId, token } = await delivered(8);
    expect(await openDelivery(door, { token, claim: undefined })).toEqual({ kind: "unclaimed" });
    const claim = await claimDelivery(door, { token });
    expect(await claimDelivery(door, { token })).toBeUndefined();
    expect(await openDelivery(door, { token, claim: undefined })).toEqual({ kind: "somebody_elses" });
    expect((await openDelivery(door, { token, claim })).kind).toBe("package");
    expect((await openDelivery(door, { token, claim })).kind).toBe("package");
    const view = await getRequest(iria, { requestId });
    expect(view.link).toMatchObject({ views: 2 });
    expect(view.history.map(({ type }) => type)).toEqual([
      "rights.opened",
      "rights.identity_checked",
      "rights.package_built",
      "rights.package_redacted",
      "rights.package_approved",
      "rights.link_created",
      "rights.link_claimed",
      "rights.package_viewed",
      "rights.package_viewed",
    ]);
    await closeRequest(iria, { requestId });
  });

  test("ends after seven days, when it is revoked, and when another is made", async () => {
    const { requestId, token } = await delivered(9, "portability");
    const claim = await claimDelivery(door, { token });
    const later = { ...door, now: () => new Date(door.now().getTime() + 7 * DAY_MS) };
    expect(await openDelivery(later, { token, claim })).toEqual({ kind: "gone" });
    const second = await createDeliveryLink(iria, { requestId });
    expect(await openDelivery(door, { token, claim })).toEqual({ kind: "gone" });
    await revokeDeliveryLink(iria, { requestId });
    expect(await openDelivery(door, { token: second.token, claim: undefined })).toEqual({ kind: "gone" });
    expect(await openDelivery(door, { token: "guessed", claim: undefined })).toEqual({ kind: "gone" });
  });
});

describe("what is done at once", () => {
  const statusOf = async (contactId: string) => {
    const [row] = await t.db.execute<{ status: string | null; blocked: boolean; restricted: boolean }>(sql`
      select (select status from consent_state s where s.contact_id = c.id limit 1) as status,
        exists (select from contact_suppressions b where b.contact_id = c.id and b.lifted_at is null) as blocked,
        c.restricted_at is not null as restricted
      from contacts c where c.id = ${contactId}`);
    return row;
  };

  test("an objection withdraws all marketing, without proof and without a reason", async () => {
    const requestId = await opened(10, "objection");
    await applyObjection(iria, { requestId });
    expect(await statusOf(world.contact(10))).toEqual({ status: "withdrawn", blocked: true, restricted: false });
    expect((await getRequest(iria, { requestId })).status).toBe("closed");
  });

  test("a restriction holds until it is lifted, and both are in the log", async () => {
    const requestId = await opened(11, "restriction");
    await applyRestriction(iria, { requestId });
    expect(await statusOf(world.contact(11))).toMatchObject({ restricted: true, status: "granted" });
    await liftRestriction(iria, { contactId: world.contact(11) });
    expect(await statusOf(world.contact(11))).toMatchObject({ restricted: false });
    const rows = await t.db.execute<{ type: string }>(sql`
      select type from log_entries where type like 'contact.restrict%' order by recorded_at, type desc`);
    expect(rows.map(({ type }) => type).sort()).toEqual(["contact.restricted", "contact.restriction_lifted"]);
  });

  test("a corrected number is the one that finds the person; the old one is former", async () => {
    const requestId = await proved(11, "rectification");
    const taken = { requestId, what: "phone" as const, value: "+34600100010" };
    expect(await refusalOf(applyRectification(iria, taken))).toMatchObject({ code: "conflict" });
    await applyRectification(iria, { requestId, what: "phone", value: "+34 611 22 33 44" });
    const find = (text: string) => findContactByIdentifier(iria, { text });
    expect((await find("+34611223344"))?.contactId).toBe(world.contact(11));
    expect(await find("+34600100011")).toBeUndefined();
  });

  test("a corrected number that is blocked blocks the person", async () => {
    const requestId = await proved(9, "rectification");
    await t.db.execute(sql`
      update contact_identifiers set former_at = now() where contact_id = ${world.contact(10)} and kind = 'phone'`);
    await applyRectification(iria, { requestId, what: "phone", value: "+34600100010" });
    expect(await statusOf(world.contact(9))).toMatchObject({ blocked: true });
  });
});

test("what they asked, in their words, is sealed, read with a logged look, and gone once it is answered", async () => {
  const words = "Corregid mi apellido: Otero, no Otelo";
  const { requestId } = await openRequest(iria, { contactId: world.contact(11), kind: "restriction", words });
  const kept = async () =>
    t.db.execute<{ words: string | null }>(
      sql`select encode(details_sealed, 'escape') as words from rights_requests where id = ${requestId}`,
    );
  expect((await kept())[0]?.words).not.toContain("Otero");
  expect((await getRequest(iria, { requestId })).hasWords).toBe(true);
  expect(await readWords(iria, { requestId })).toEqual({ words });
  expect((await getRequest(iria, { requestId })).history.map(({ type }) => type)).toContain("rights.words_read");
  await applyRestriction(iria, { requestId });
  expect(await kept()).toEqual([{ words: null }]);
  expect(await refusalOf(readWords(iria, { requestId }))).toMatchObject({ code: "not_found" });
  await liftRestriction(iria, { contactId: world.contact(11) });
});

test("an erasure and a package that wait for a decision are in the list of what waits, and who asked cannot decide", async () => {
  const waiting = async () =>
    (await listApprovals(iria)).filter(({ kind }) => kind === "rights").map(({ id, name, isOwn }) => [id, name, isOwn]);
  const before = await countApprovals(iria);
  const erasure = await proved(10, "erasure");
  const access = await proved(11, "access");
  await buildPackage(iria, { requestId: access });
  expect(await waiting()).toEqual([[erasure, "erasure", true]]);
  await redactPackage(iria, { requestId: access, redactions: [] });
  expect(await waiting()).toEqual([
    [erasure, "erasure", true],
    [access, "access", false],
  ]);
  expect((await listApprovals(world.saul)).find(({ id }) => id === erasure)?.isOwn).toBe(false);
  expect((await countApprovals(iria)).rights).toBe(before.rights + 2);
  await approvePackage(iria, { requestId: access });
  await refuseRequest(iria, { requestId: erasure, reason: "withdrawn_by_person" });
  expect(await waiting()).toEqual([]);
});
