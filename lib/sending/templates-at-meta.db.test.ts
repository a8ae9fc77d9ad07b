import { eq, isNull } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { campaigns, campaignVariants } from "@/db/schema/campaigns";
import { notices } from "@/db/schema/notices";
import { phoneNumbers } from "@/db/schema/numbers";
import { mediaAssets, mediaUploads, templates } from "@/db/schema/templates";
import { testDatabase } from "@/db/testing/database";
import { submitTemplate } from "@/lib/campaigns/commands/change-template";
import { freezeCampaigns } from "@/lib/campaigns/commands/freeze-campaigns";
import { prepareMedia } from "@/lib/campaigns/commands/prepare-media";
import { LANES, newId } from "@/lib/foundation/ids";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { secretPlace } from "@/lib/numbers/number";
import { recordTemplateChange, type TemplateReport } from "@/lib/templates/commands/record-template-change";
import { emptyDraft } from "@/lib/templates/draft";
import { renderMessage } from "@/lib/templates/render";
import { type ClaimedMessage, claimMessages } from "./commands/claim-messages";
import { recordOutcomes } from "./commands/record-outcomes";
import { getSentValues } from "./queries/get-sent-values";
import { queuedCampaign } from "./testing/sent-campaign";

/** What Meta does to a template, seen from a campaign that is being sent. */
const t = await testDatabase();
afterAll(() => t.close());
const sending = await queuedCampaign(t, 40);
const before = await t.db.select().from(templates);

/** Everything at Meta and of the campaign's state as at its start; messages go on. */
beforeEach(async () => {
  await t.db.update(campaigns).set({ status: "sending", frozenReason: null });
  for (const { id, ...row } of before) await t.db.update(templates).set(row).where(eq(templates.id, id));
});

const campaign = async () => {
  const [row] = await t.db.select().from(campaigns).where(eq(campaigns.id, sending.campaignId));
  return row;
};

/** Claims what is due in the first lane that has something. */
async function claimSome(limit = 500): Promise<{ lane: number; messages: ClaimedMessage[] }> {
  const { world } = sending;
  for (let lane = 0; lane < LANES; lane++) {
    const claim = { lane, numberId: world.ids.numberId, limit, workerId: newId() };
    const { messages } = await claimMessages(world.worker, claim);
    if (messages.length > 0) return { lane, messages };
  }
  return { lane: -1, messages: [] };
}

async function reportOf(change: Partial<TemplateReport> & Pick<TemplateReport, "kind">): Promise<TemplateReport> {
  const [row] = await t.db.select().from(templates).where(eq(templates.id, sending.world.templateIds.b));
  if (!row) throw new Error("no template");
  const { wabaId, metaId, name, language } = row;
  // The parts that a kind needs are the caller's.
  return { wabaId, templateId: metaId ?? "", name, language, ...change } as TemplateReport;
}

describe("all variants stop", () => {
  test("when Meta parks a message of one of them to see how it is received", async () => {
    const { lane, messages } = await claimSome(1);
    const [first] = messages;
    if (!first) throw new Error("nothing was due");
    const { attemptId, contactId, messageId } = first;
    const held = { kind: "held", wamid: `wamid.${messageId}`, code: null, reason: "held_for_quality" } as const;
    await recordOutcomes(sending.world.worker, lane, [{ attemptId, contactId, ...held, retryAfterMs: null }]);
    expect(await campaign()).toMatchObject({ status: "frozen", frozenReason: "template_held" });
    expect(await claimSome()).toMatchObject({ messages: [] });
  });

  test.each([
    ["pauses", { kind: "template_status", event: "PAUSED", title: "FIRST_PAUSE" }, "template_paused"],
    ["disables", { kind: "template_status", event: "DISABLED" }, "template_paused"],
    ["flags", { kind: "template_status", event: "FLAGGED" }, "template_paused"],
    [
      "reclassifies",
      { kind: "template_category", phase: "done", previous: "MARKETING", current: "UTILITY" },
      "template_changed",
    ],
    [
      "shows another text for",
      { kind: "template_components", body: "Otro texto, {{1}}.", buttons: [] },
      "content_changed",
    ],
  ] as const)("when Meta %s a template of one of them", async (_, change, reason) => {
    await recordTemplateChange(sending.world.worker, await reportOf(change as Parameters<typeof reportOf>[0]));
    expect(await freezeCampaigns(sending.world.worker)).toEqual({ frozen: [sending.campaignId] });
    expect(await campaign()).toMatchObject({ status: "frozen", frozenReason: reason });
  });

  test("not when a category is only announced, or quality falls: nothing is compared otherwise yet", async () => {
    for (const change of [
      { kind: "template_category", phase: "impending", current: "MARKETING", next: "UTILITY" },
      { kind: "template_quality", previous: "GREEN", current: "RED" },
    ] as const)
      await recordTemplateChange(sending.world.worker, await reportOf(change));
    expect(await freezeCampaigns(sending.world.worker)).toEqual({ frozen: [] });
  });
});

test("the text of a campaign that is being sent is not changed under its feet", async () => {
  const { people, templateIds } = sending.world;
  const change = submitTemplate(people.lucia, { templateId: templateIds.a, content: emptyDraft });
  await expect(change).rejects.toMatchObject({ code: "template_in_use", params: { campaign: "Adelanto de Navidad" } });
});

test("a picture goes out by the id that Meta has for it, never without, and what was sent can be shown again", async () => {
  const { world } = sending;
  const components = [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Hola {{1}}, mira. Responde BAJA para no recibir más." },
    { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "X" }] },
  ];
  const mediaId = newId();
  const at = world.worker.now();
  const bytes = Buffer.of(1);
  const file = { kind: "image" as const, fileName: "a.png", mimeType: "image/png", byteSize: 1, sha256: bytes, bytes };
  await t.db.insert(mediaAssets).values({ id: mediaId, ...file, createdAt: at });
  await t.db.update(templates).set({ components });
  const parameters = {
    "header.media": { source: "media", mediaId, fileName: "a.png" },
    "body.1": { source: "name", fallback: "cliente" },
    "button.0.code": { source: "text", text: "ENERO20" },
  };
  await t.db.update(campaignVariants).set({ parameters });
  expect((await claimSome(1)).messages[0]?.composed).toEqual({ kind: "impossible", reason: "media_missing" });
  const expiresAt = new Date(at.getTime() + 86_400_000);
  const upload = { mediaId, numberId: world.ids.numberId, metaId: "987", uploadedAt: at, expiresAt };
  await t.db.insert(mediaUploads).values(upload);
  const { lane, messages } = await claimSome(1);
  const [message] = messages;
  if (message?.composed.kind !== "ready") throw new Error("not ready");
  expect(message.composed.request).toMatchObject({
    template: {
      components: [
        { type: "header", parameters: [{ type: "image", image: { id: "987" } }] },
        { type: "body" },
        { type: "button", sub_type: "copy_code", parameters: [{ type: "coupon_code", coupon_code: "ENERO20" }] },
      ],
    },
  });
  const { contactId, messageId, attemptId } = message;
  const sent = await getSentValues(world.worker, { lane, contactId, messageId, attemptId });
  expect(sent?.values.header).toEqual({ kind: "image", media: { mediaId } });
  const shown = sent && renderMessage(components, sent.values);
  expect(shown).toMatchObject({
    media: "image",
    body: expect.stringContaining("mira"),
    buttons: [{ code: "ENERO20" }],
  });
});

test("a campaign whose picture Meta does not have waits and is told, once a minute, and no other is held up by it", async () => {
  const { world, campaignId } = sending;
  const { numberId } = world.ids;
  const key = installationKey(world.worker.secrets.keyEncryptionKey);
  const tokenSealed = seal(key, "token", secretPlace("token", numberId));
  await t.db.update(phoneNumbers).set({ tokenSealed });
  const mediaId = newId();
  const parameters = { "header.media": { source: "media", mediaId, fileName: "b.png" } };
  await t.db.update(campaignVariants).set({ parameters });
  const waits = () => prepareMedia(world.worker, { campaignId });
  expect(await waits()).toBe(false); // the file does not even exist here
  expect(await waits()).toBe(false);
  const told = await t.db.select().from(notices).where(eq(notices.kind, "campaign_media_failed"));
  expect(told).toMatchObject([{ count: 1, subjectId: campaignId, resolvedAt: null }]);
  const expiresAt = new Date(world.worker.now().getTime() + 20 * 86_400_000);
  const bytes = Buffer.of(2);
  const file = { kind: "image" as const, fileName: "b.png", mimeType: "image/png", byteSize: 1, sha256: bytes, bytes };
  await t.db.insert(mediaAssets).values({ id: mediaId, ...file, createdAt: world.worker.now() });
  const upload = { mediaId, numberId, metaId: "988", uploadedAt: world.worker.now(), expiresAt };
  await t.db.insert(mediaUploads).values(upload);
  await sending.setTime("2026-12-01T09:10:00.000Z");
  expect(await waits()).toBe(true);
  expect(await t.db.select().from(notices).where(isNull(notices.resolvedAt))).not.toContainEqual(
    expect.objectContaining({ kind: "campaign_media_failed" }),
  );
});
