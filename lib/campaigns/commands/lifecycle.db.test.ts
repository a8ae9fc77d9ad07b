import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { campaigns } from "@/db/schema/campaigns";
import { users } from "@/db/schema/identity";
import { installation } from "@/db/schema/installation";
import { segments } from "@/db/schema/segments";
import { templates } from "@/db/schema/templates";
import { testDatabase } from "@/db/testing/database";
import type { Context } from "@/lib/identity/context";
import { componentsHash } from "@/lib/templates/components-hash";
import { getCampaign } from "../queries/get-campaign";
import { getCampaignHistory } from "../queries/get-campaign-history";
import { getPreflight } from "../queries/get-preflight";
import { listCampaigns } from "../queries/list-campaigns";
import { plainSchedule } from "../schedule";
import { campaignWorld, readyGoal, refusalOf, type World } from "../testing/world";
import { advanceCampaign } from "./advance-campaign";
import { approveCampaign } from "./approve-campaign";
import { archiveCampaign } from "./archive-campaign";
import { askChanges } from "./ask-changes";
import { cancelLaunch } from "./cancel-launch";
import { createCampaign } from "./create-campaign";
import { duplicateCampaign } from "./duplicate-campaign";
import { freezeCampaigns } from "./freeze-campaigns";
import { launchCampaign } from "./launch-campaign";
import { pauseCampaign } from "./pause-campaign";
import { resumeCampaign } from "./resume-campaign";
import { stopCampaign } from "./stop-campaign";
import { submitForReview } from "./submit-for-review";
import { updateAudience } from "./update-audience";
import { updateGoal } from "./update-goal";
import { updateSchedule } from "./update-schedule";
import { updateVariants } from "./update-variants";

const t = await testDatabase();
afterAll(() => t.close());

let world: World;
let lucia: Context & { userId: string };
let tom: Context & { userId: string };
let noa: Context & { userId: string };

beforeAll(async () => {
  world = await campaignWorld(t);
  ({ lucia, tom, noa } = world.people);
});

const statusOf = async (campaignId: string) => {
  const [row] = await t.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row?.status;
};

async function approved(name?: string) {
  const ready = await world.readyCampaign(name);
  const { contentHash } = await submitForReview(lucia, ready);
  await approveCampaign(noa, { campaignId: ready.campaignId, contentHash });
  return { ...ready, contentHash };
}

async function launched(name?: string) {
  const campaign = await approved(name);
  return { ...campaign, ...(await launchCampaign(lucia, campaign)) };
}

async function sending(name?: string) {
  const campaign = await launched(name);
  await advanceCampaign(world.worker, { campaignId: campaign.campaignId, from: "scheduled", to: "sending" });
  return campaign;
}

describe("who may", () => {
  test("every command refuses somebody without the permission, and changes nothing", async () => {
    const { campaignId, version } = await world.readyCampaign();
    const { boss, iria } = world.people;
    const choice = { campaignId };
    const edit = { campaignId, version };
    const refused: [string, () => Promise<unknown>][] = [
      ["create", () => createCampaign(boss, { name: "x" })],
      ["goal", () => updateGoal(noa, { ...edit, name: "x", goal: readyGoal })],
      ["audience", () => updateAudience(boss, { ...edit, segmentId: null, purposeId: null, holdoutBasisPoints: 0 })],
      ["variants", () => updateVariants(iria, { ...edit, numberId: null, variants: [] })],
      ["schedule", () => updateSchedule(boss, { ...edit, schedule: plainSchedule, startsAt: null, deadlineAt: null })],
      ["submit", () => submitForReview(noa, choice)],
      ["approve", () => approveCampaign(lucia, { ...choice, contentHash: "" })],
      ["approve as compliance", () => approveCampaign(iria, { ...choice, contentHash: "" })],
      ["ask changes", () => askChanges(lucia, { ...choice, comment: "x" })],
      ["launch", () => launchCampaign(noa, choice)],
      ["cancel", () => cancelLaunch(boss, choice)],
      ["pause another's", () => pauseCampaign(tom, choice)],
      ["resume", () => resumeCampaign(boss, choice)],
      ["stop another's", () => stopCampaign(tom, { ...choice, reason: "x" })],
      ["archive", () => archiveCampaign(noa, choice)],
      ["duplicate", () => duplicateCampaign(boss, { ...choice, name: "x" })],
      ["advance", () => advanceCampaign(lucia, { ...choice, from: "scheduled", to: "sending" })],
    ];
    for (const [name, work] of refused)
      expect([name, await refusalOf(work())]).toMatchObject([name, { code: "forbidden" }]);
    expect(await getCampaign(lucia, choice)).toMatchObject({ status: "draft", version });
  });
});

describe("editing", () => {
  test("of two people who edit the same version, the second is told who was first, and nothing is lost", async () => {
    const { campaignId, version } = await world.readyCampaign();
    const first = updateGoal(lucia, { campaignId, version, name: "Uno", goal: readyGoal });
    const second = updateGoal(tom, { campaignId, version, name: "Dos", goal: readyGoal });
    const outcomes = await Promise.all([refusalOf(first), refusalOf(second)]);
    const conflict = outcomes.find((outcome) => outcome !== "no refusal");
    expect(outcomes.filter((outcome) => outcome === "no refusal")).toHaveLength(1);
    const winner = outcomes[0] === "no refusal" ? lucia : tom;
    expect(conflict).toMatchObject({ code: "conflict", version: version + 1, changedBy: winner.userId });
    const view = await getCampaign(lucia, { campaignId });
    expect(view.name).toBe(winner === lucia ? "Uno" : "Dos");
  });

  test("that changes nothing takes no version", async () => {
    const { campaignId, version } = await world.readyCampaign();
    const again = await updateGoal(lucia, { campaignId, version, name: "Rebajas de enero", goal: readyGoal });
    expect(again).toEqual({ version, isApprovalVoided: false });
  });

  test("refuses templates and purposes of somebody else", async () => {
    const { campaignId, version } = await world.readyCampaign();
    const purposeId = world.ids.segmentId;
    const audience = { campaignId, version, segmentId: null, purposeId, holdoutBasisPoints: 0 };
    expect(await refusalOf(updateAudience(lucia, audience))).toMatchObject({ code: "not_found" });
    const variants = [{ key: "A" as const, templateId: purposeId, weight: 10_000, parameters: {}, linkUrl: null }];
    const edit = updateVariants(lucia, { campaignId, version, numberId: world.ids.numberId, variants });
    expect(await refusalOf(edit)).toMatchObject({ code: "template_not_usable" });
    expect((await getCampaign(lucia, { campaignId })).variants).toHaveLength(2);
  });

  test("is written down as what changed, one line a sitting", async () => {
    const { campaignId } = await world.readyCampaign();
    const history = await getCampaignHistory(noa, { campaignId });
    expect(history.map(({ type, actorName }) => [type, actorName])).toEqual([
      ["edited", "Lucía Marín"],
      ["created", "Lucía Marín"],
    ]);
    const fields = history[0]?.changes.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["goal.minimumEffectPoints", "segmentId", "variants.B.linkUrl"]));
  });
});

describe("approval", () => {
  test("takes a second person: not the author, not an editor, whatever their roles", async () => {
    const both = await world.person("Eva", "marketer", "approver");
    const { campaignId, version } = await world.readyCampaign();
    const deadlineAt = new Date("2027-01-01T00:00:00Z");
    await updateSchedule(both, { campaignId, version, schedule: plainSchedule, startsAt: null, deadlineAt });
    const { contentHash } = await submitForReview(lucia, { campaignId });
    const own = await refusalOf(approveCampaign(both, { campaignId, contentHash }));
    expect(own).toMatchObject({ code: "second_person_required", reason: "own_work" });
    expect((await getCampaign(both, { campaignId })).acts.approve).toBe(false);
    expect((await getCampaign(noa, { campaignId })).acts.approve).toBe(true);
    await approveCampaign(noa, { campaignId, contentHash, comment: "Bien" });
    const view = await getCampaign(lucia, { campaignId });
    expect(view).toMatchObject({ status: "approved", isApproved: true });
    expect(view.approvals[0]).toMatchObject({ decision: "approved", byName: "Noa Vidal", isSolo: false, contentHash });
  });

  test("is for what the approver read: a hash of something else is refused", async () => {
    const { campaignId } = await world.readyCampaign();
    await submitForReview(lucia, { campaignId });
    const other = await refusalOf(approveCampaign(noa, { campaignId, contentHash: "0".repeat(64) }));
    expect(other).toMatchObject({ code: "campaign_changed" });
  });

  test("is void after any edit, and says so", async () => {
    const { campaignId, version, contentHash } = await approved();
    const edited = await updateGoal(tom, { campaignId, version, name: "Otro nombre", goal: readyGoal });
    expect(edited).toEqual({ version: version + 1, isApprovalVoided: true });
    const view = await getCampaign(lucia, { campaignId });
    expect(view).toMatchObject({ status: "draft", isApproved: false });
    expect(view.contentHash).not.toBe(contentHash);
    expect(view.approvals[0]?.decision).toBe("voided");
    expect(view.editors.map(({ name }) => name)).toEqual(["Tom Rey"]);
    expect(await refusalOf(launchCampaign(lucia, { campaignId }))).toMatchObject({ code: "campaign_not_launchable" });
  });

  test("can be refused with a comment, by approvers and as a veto by compliance", async () => {
    const { campaignId } = await world.readyCampaign();
    await submitForReview(lucia, { campaignId });
    await askChanges(world.people.iria, { campaignId, comment: "Falta el aviso legal" });
    const view = await getCampaign(lucia, { campaignId });
    expect(view.status).toBe("draft");
    expect(view.approvals[0]).toMatchObject({ decision: "changes_asked", comment: "Falta el aviso legal" });
  });

  test("is not asked for while a step is open or the checklist blocks", async () => {
    const { campaignId } = await createCampaign(lucia, { name: "Vacía" });
    expect(await refusalOf(submitForReview(lucia, { campaignId }))).toMatchObject({
      code: "campaign_not_submittable",
      problem: "minimum_effect_missing",
    });
    const ready = await world.readyCampaign();
    await t.db.update(templates).set({ status: "PAUSED" }).where(eq(templates.id, world.templateIds.b));
    expect(await refusalOf(submitForReview(lucia, ready))).toMatchObject({
      code: "preflight_blocked",
      rows: "template_status",
    });
    await t.db.update(templates).set({ status: "APPROVED" }).where(eq(templates.id, world.templateIds.b));
  });

  test("by the only person works in solo mode alone, with the name typed, and is marked", async () => {
    const solo = await testDatabase();
    try {
      const alone = await campaignWorld(solo);
      const { campaignId } = await alone.readyCampaign("Sola");
      const author = alone.people.lucia;
      await solo.db.update(users).set({ disabledAt: new Date() }).where(sql`id <> ${author.userId}`);
      await solo.db.update(users).set({ roles: ["owner", "marketer"] });
      const owner = {
        ...author,
        actor: { kind: "user" as const, userId: author.userId, roles: ["owner", "marketer"] as const, sessionId: null },
      };
      expect(await refusalOf(submitForReview(owner, { campaignId }))).toMatchObject({ rows: "second_person" });
      await solo.db.update(installation).set({ soloMode: true });
      const { contentHash } = await submitForReview(owner, { campaignId });
      const unsaid = await refusalOf(approveCampaign(owner, { campaignId, contentHash }));
      expect(unsaid).toMatchObject({ reason: "confirmation_missing" });
      expect(await approveCampaign(owner, { campaignId, contentHash, confirmation: "Sola" })).toEqual({ isSolo: true });
      const entries = await solo.db.execute(
        sql`select data::jsonb as data from audit_events where type = 'campaign.approved'`,
      );
      expect(entries).toEqual([{ data: { contentHash, isSolo: true } }]);
    } finally {
      await solo.close();
    }
  });
});

describe("launch", () => {
  test("freezes the plan with a seed and its hash, and gives a minute to take it back", async () => {
    const { campaignId, planHash, graceUntil } = await launched();
    expect(graceUntil).toEqual(new Date("2026-12-01T09:01:00.000Z"));
    const { plan, status } = await getCampaign(lucia, { campaignId });
    expect(status).toBe("scheduled");
    expect(plan).toMatchObject({ hash: planHash, plan: { metric: "conversion", holdoutBasisPoints: 1_000 } });
    expect(plan?.seed).toMatch(/^[0-9a-f]{64}$/);
    const logged = await t.db.execute(sql`
      select data::jsonb ->> 'planHash' as hash from audit_events where type = 'campaign.launched' and subject = ${campaignId}`);
    expect(logged).toEqual([{ hash: planHash }]);
  });

  test("taken back is approved again, and launched anew keeps its seed", async () => {
    const { campaignId } = await launched();
    const before = (await getCampaign(lucia, { campaignId })).plan;
    await cancelLaunch(lucia, { campaignId });
    expect(await statusOf(campaignId)).toBe("approved");
    await launchCampaign(lucia, { campaignId });
    expect((await getCampaign(lucia, { campaignId })).plan?.seed).toBe(before?.seed);
  });

  test("taken back and edited, freezes the new plan under the seed that was drawn", async () => {
    const { campaignId, version, planHash } = await launched();
    const before = (await getCampaign(lucia, { campaignId })).plan;
    await cancelLaunch(lucia, { campaignId });
    await updateGoal(lucia, { campaignId, version, name: "Más corta", goal: { ...readyGoal, windowHours: 24 } });
    const { contentHash } = await submitForReview(lucia, { campaignId });
    await approveCampaign(noa, { campaignId, contentHash });
    const again = await launchCampaign({ ...lucia, db: t.db }, { campaignId });
    expect(again.planHash).not.toBe(planHash);
    const after = (await getCampaign(lucia, { campaignId })).plan;
    expect(after).toMatchObject({ hash: again.planHash, seed: before?.seed, plan: { windowHours: 24 } });
  });

  test("cannot be taken back once people are allocated", async () => {
    const { campaignId } = await launched();
    await t.db.execute(sql`
      insert into campaign_planning (campaign_id, lane, recipients, excluded, planned_at) values (${campaignId}, 0, 1, 0, now())`);
    expect(await refusalOf(cancelLaunch(lucia, { campaignId }))).toMatchObject({ problem: "already_planned" });
  });

  test("is refused when the text at Meta or the segment is no longer the approved one", async () => {
    const { campaignId } = await approved();
    const [template] = await t.db.select().from(templates).where(eq(templates.id, world.templateIds.a));
    const other = componentsHash([{ type: "BODY", text: "Otro" }]);
    await t.db.update(templates).set({ componentsSha256: other }).where(eq(templates.id, world.templateIds.a));
    expect(await refusalOf(launchCampaign(lucia, { campaignId }))).toMatchObject({ code: "campaign_changed" });
    await t.db
      .update(templates)
      .set({ componentsSha256: template?.componentsSha256 })
      .where(eq(templates.id, world.templateIds.a));
    const { ids } = world;
    await t.db
      .update(segments)
      .set({ rule: { kind: "any", rules: [] } })
      .where(eq(segments.id, ids.segmentId));
    expect(await refusalOf(launchCampaign(lucia, { campaignId }))).toMatchObject({ code: "campaign_changed" });
    await t.db
      .update(segments)
      .set({ rule: { kind: "all", rules: [] } })
      .where(eq(segments.id, ids.segmentId));
    await launchCampaign(lucia, { campaignId });
  });

  test("computes the checklist again", async () => {
    const { campaignId } = await approved();
    await t.db.update(templates).set({ status: "DISABLED" }).where(eq(templates.id, world.templateIds.a));
    expect(await refusalOf(launchCampaign(lucia, { campaignId }))).toMatchObject({ code: "preflight_blocked" });
    const { rows } = await getPreflight(lucia, { campaignId });
    expect(rows.filter((row) => row.hasChangedSinceApproval).map(({ id }) => id)).toEqual(["template_status"]);
    await t.db.update(templates).set({ status: "APPROVED" }).where(eq(templates.id, world.templateIds.a));
  });

  test("happens once, however often the button is pressed at the same time", async () => {
    const { campaignId } = await approved();
    const outcomes = await Promise.all([1, 2, 3].map(() => refusalOf(launchCampaign(lucia, { campaignId }))));
    expect(outcomes.filter((outcome) => outcome === "no refusal")).toHaveLength(1);
  });
});

describe("while it runs", () => {
  test("it pauses, resumes as what it was, and stops", async () => {
    const { campaignId } = await sending();
    await pauseCampaign(noa, { campaignId });
    expect(await statusOf(campaignId)).toBe("paused");
    await resumeCampaign(lucia, { campaignId });
    expect(await statusOf(campaignId)).toBe("sending");
    await stopCampaign(lucia, { campaignId, reason: "Sin existencias" });
    expect(await statusOf(campaignId)).toBe("stopped");
    expect(await refusalOf(resumeCampaign(lucia, { campaignId }))).toMatchObject({ code: "campaign_not_resumable" });
  });

  test("nobody edits it; a copy is a new draft", async () => {
    const { campaignId, version } = await sending();
    const edit = updateGoal(lucia, { campaignId, version, name: "x", goal: readyGoal });
    expect(await refusalOf(edit)).toMatchObject({ code: "campaign_not_editable", status: "sending" });
    const copy = await duplicateCampaign(tom, { campaignId, name: "Copia" });
    const view = await getCampaign(tom, copy);
    expect(view).toMatchObject({ status: "draft", name: "Copia", plan: null, isApproved: false });
    expect(view.variants).toHaveLength(2);
  });

  test("the worker advances it forward only, and a late step is told that it is late", async () => {
    const { campaignId } = await sending();
    const { worker } = world;
    const again = await advanceCampaign(worker, { campaignId, from: "scheduled", to: "sending" });
    expect(again).toEqual({ kind: "stale", status: "sending" });
    const measuringUntil = new Date("2026-12-08T10:00:00Z");
    await advanceCampaign(worker, { campaignId, from: "sending", to: "measuring", measuringUntil });
    await advanceCampaign(worker, { campaignId, from: "measuring", to: "concluded" });
    expect(await getCampaign(lucia, { campaignId })).toMatchObject({ status: "concluded", measuringUntil });
    await archiveCampaign(lucia, { campaignId });
    expect(await statusOf(campaignId)).toBe("archived");
  });

  test("a pause of one template by Meta freezes all variants, and stopping is what is left", async () => {
    const { campaignId } = await sending();
    expect((await freezeCampaigns(world.worker)).frozen).not.toContain(campaignId);
    await t.db.update(templates).set({ status: "PAUSED" }).where(eq(templates.id, world.templateIds.b));
    expect((await freezeCampaigns(world.worker)).frozen).toContain(campaignId);
    await t.db.update(templates).set({ status: "APPROVED" }).where(eq(templates.id, world.templateIds.b));
    const view = await getCampaign(lucia, { campaignId });
    expect(view).toMatchObject({
      status: "frozen",
      frozenReason: "template_paused",
      acts: { resume: false, stop: true },
    });
    expect(await refusalOf(freezeCampaigns(lucia))).toMatchObject({ code: "forbidden" });
  });

  test("it freezes instead of sending what was not approved", async () => {
    const { campaignId } = await launched();
    const [template] = await t.db.select().from(templates).where(eq(templates.id, world.templateIds.b));
    await t.db
      .update(templates)
      .set({ componentsSha256: componentsHash("other") })
      .where(eq(templates.id, world.templateIds.b));
    const step = await advanceCampaign(world.worker, { campaignId, from: "scheduled", to: "sending" });
    expect(step).toEqual({ kind: "frozen" });
    expect(await getCampaign(lucia, { campaignId })).toMatchObject({
      status: "frozen",
      frozenReason: "content_changed",
    });
    await t.db
      .update(templates)
      .set({ componentsSha256: template?.componentsSha256 })
      .where(eq(templates.id, world.templateIds.b));
  });
});

describe("the list", () => {
  test("pages through everything once, latest change first", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listCampaigns(world.people.boss, { cursor, limit: 5 });
      seen.push(...page.campaigns.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const [all] = await t.db.execute<{ n: number }>(
      sql`select count(*)::int n from campaigns where status <> 'archived'`,
    );
    expect(seen).toHaveLength(all?.n ?? 0);
    expect(new Set(seen).size).toBe(seen.length);
    expect(await refusalOf(listCampaigns(lucia, { cursor: "x" }))).toMatchObject({ code: "invalid_input" });
  });

  test("narrows to a group and a name", async () => {
    const { campaignId } = await world.readyCampaign("100 %_raro");
    const { campaigns: found } = await listCampaigns(lucia, { group: "preparing", search: "%_R" });
    expect(found).toEqual([expect.objectContaining({ id: campaignId, variants: 2, recipients: null })]);
  });
});
