import { eq, isNull } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { users } from "@/db/schema/identity";
import { notices } from "@/db/schema/notices";
import { accountCalls } from "@/db/schema/numbers";
import {
  accountInsights,
  mediaUploads,
  pricingAnalyticsDays,
  templateAnalyticsDays,
  templateDrafts,
  templates,
} from "@/db/schema/templates";
import { testDatabase } from "@/db/testing/database";
import { newId, publicId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { setUpGraph } from "@/lib/whatsapp/sandbox/graph-testing";
import { closeAll } from "@/lib/whatsapp/sandbox/testing";
import type { TemplateItem } from "@/lib/whatsapp/webhook-items";
import { draftOf, emptyDraft, type TemplateDraft } from "../draft";
import { getTemplate } from "../queries/get-template";
import { getTemplateInsights } from "../queries/get-template-insights";
import { getDraft, listDrafts } from "../queries/list-drafts";
import { compareTemplates } from "./compare-templates";
import { deleteTemplate } from "./delete-template";
import { editTemplate } from "./edit-template";
import { discardDraft, keepDraft } from "./keep-draft";
import { keepMedia } from "./keep-media";
import { pullAnalytics } from "./pull-analytics";
import { recordTemplateChange } from "./record-template-change";
import { submitDraft } from "./submit-draft";
import { syncTemplates } from "./sync-templates";
import { unpauseTemplate } from "./unpause-template";
import { uploadMedia } from "./upload-media";

/** Templates against the sandbox: what Meta would answer and tell, by HTTP and by its own webhooks. */
const reached = { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 0, optOut: 0 };
const t = await testDatabase();
const graph = await setUpGraph({ arms: { oferta: reached, otra: reached }, api: { pacing: { holdAfter: 2 } } });
afterAll(async () => {
  await closeAll();
  await t.close();
});

const now = () => new Date(graph.now());
const worker = t.context(systemActor("worker"), { db: t.as("worker"), now });
const terminal = t.context(systemActor("terminal"), { now });
const { brandId } = await createBrand(terminal, { name: "Olmo", controller: "Olmo S. L." });
const { wabaId, phoneNumberId, url: baseUrl, token, appSecret } = graph.sandbox;
const connection = { displayNumber: "+1 555-010-0000", verifiedName: "Olmo", apiVersion: "v25.0", verifyToken: "x" };
const numberId = await connectNumber(terminal, {
  brandId,
  wabaId,
  phoneNumberId,
  baseUrl,
  token,
  appSecret,
  ...connection,
  messagesPerSecond: 80,
  isSandbox: true,
});
const userId = newId();
const marketer = { id: userId, name: "Lucía", email: "lucia@example.com", roles: ["marketer"], createdAt: now() };
await t.db.insert(users).values(marketer);
const lucia = t.context({ kind: "user", userId, roles: ["marketer"], sessionId: null }, { db: t.as("console"), now });

const draft = (name: string, change: Partial<TemplateDraft> = {}): TemplateDraft => ({
  ...emptyDraft,
  numberId: publicId("num", numberId),
  name,
  body: `Hola, empiezan las rebajas de ${name}. Responde BAJA para no recibir más.`,
  ...change,
});
const png = Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), Buffer.alloc(64)]);

/** Hands on what the sandbox's webhooks told since the last time, in the order in which they came. */
let told = 0;
async function hear() {
  await graph.pass(1);
  const items = graph.receiver.webhooks.slice(told);
  told = graph.receiver.webhooks.length;
  for (const item of items)
    if (item.kind.startsWith("template_")) await recordTemplateChange(worker, item as TemplateItem & typeof item); // by its kind
}
const stored = async (name: string) => {
  const [row] = await t.db.select().from(templates).where(eq(templates.name, name));
  if (!row) throw new Error(`no template ${name}`);
  return row;
};
const open = async () =>
  (await t.db.select().from(notices).where(isNull(notices.resolvedAt))).map(({ kind }) => kind).sort();

/** Written, reviewed and approved. */
async function approvedTemplate(name: string, change: Partial<TemplateDraft> = {}) {
  const submitted = await submitDraft(lucia, { content: draft(name, change) });
  if (submitted.kind !== "submitted") throw new Error(JSON.stringify(submitted));
  await graph.pass(60);
  await hear();
  return stored(name);
}

describe("writing", () => {
  test("every kind of template is taken by review with its files, and its draft is gone", async () => {
    const { mediaId, fileName } = await keepMedia(lucia, { fileName: "abrigo.png", bytes: png });
    const file = { mediaId, fileName };
    const card = (id: string): TemplateDraft["cards"][number] => ({
      id,
      media: "image",
      file,
      body: "Un abrigo de {{1}} euros hoy.",
      buttons: [{ id: `${id}b`, kind: "reply", text: "Más", target: "" }],
    });
    const picture = await approvedTemplate("con_imagen", {
      headerKind: "image",
      file,
      buttons: [
        { id: "a", kind: "reply", text: "No quiero más", target: "" },
        { id: "b", kind: "url", text: "Ver", target: "https://olmo.example/{{1}}" },
        { id: "c", kind: "code", text: "", target: "ENERO20" },
      ],
      examples: { "button.b": "x" },
    });
    expect(picture).toMatchObject({ status: "APPROVED", media: { "header.media": mediaId } });
    const offer = await approvedTemplate("con_oferta", {
      headerKind: "image",
      file,
      offer: { isOn: true, text: "Solo hoy", expires: true },
      buttons: [{ id: "a", kind: "code", text: "", target: "ENERO20" }],
    });
    expect(offer.status).toBe("APPROVED");
    const carousel = await approvedTemplate("carrusel", {
      cards: [card("c1"), card("c2")],
      examples: { "card.c1.body.1": "40", "card.c2.body.1": "60" },
    });
    expect(carousel.media).toEqual({ "card.0.header.media": mediaId, "card.1.header.media": mediaId });
    expect(await listDrafts(lucia)).toEqual([]);
  });

  test("a template with an access code has Meta's own texts at once, and can be changed again", async () => {
    const code = { ...emptyDraft.code, kind: "ONE_TAP" as const };
    const apps = [{ id: "a", packageName: "com.example.olmo", signature: "K8a/AINcGX7" }];
    const content = { body: "", category: "AUTHENTICATION" as const, code: { ...code, apps } };
    const written = await approvedTemplate("codigo", content);
    expect(written).toMatchObject({ status: "APPROVED", category: "AUTHENTICATION" });
    const view = await getTemplate(lucia, { templateId: written.id });
    expect(view.preview.body).toContain("código de verificación");
    expect(view.needs).toMatchObject({ places: ["body.1"], hasAccessCode: true, unsupported: [], linkButtons: [] });
    expect(view.versions).toHaveLength(1); // the synchronisation finds no other text
    const again = draftOf(written, { numberId: publicId("num", numberId), newKey: newId });
    expect(again.code).toMatchObject({ kind: "ONE_TAP", apps: [{ packageName: "com.example.olmo" }] });
    const changed = await submitDraft(lucia, {
      templateId: written.id,
      content: { ...again, code: { ...again.code, minutes: "3" } },
    });
    expect(changed).toMatchObject({ kind: "submitted" });
    await graph.pass(60);
    await hear();
    expect((await getTemplate(lucia, { templateId: written.id })).preview.footer).toContain("3 minutos");
  });

  test("what Meta refuses or cannot be asked about is kept as it was written, with its words", async () => {
    await graph.control.planFaults([{ kind: "status", status: 503, on: "templates", times: 1 }]);
    const content = draft("sin_respuesta");
    const lost = await submitDraft(lucia, { content });
    if (lost.kind !== "refused") throw new Error(lost.kind);
    expect(lost).toMatchObject({ code: "whatsapp_unreachable" });
    expect(await getDraft(lucia, lost)).toMatchObject({ content, refusal: { code: "whatsapp_unreachable" } });
    expect(await submitDraft(lucia, { content, draftId: lost.draftId })).toMatchObject({ kind: "submitted" });
    expect(await t.db.select().from(templateDrafts)).toEqual([]);

    // Somebody at Meta made it meanwhile, and we have not heard of it.
    await t.db.update(templates).set({ deletedAt: new Date() }).where(eq(templates.name, "sin_respuesta"));
    const again = await submitDraft(lucia, { content });
    expect(again).toMatchObject({ kind: "refused", code: "template_rejected", detail: expect.any(String) });
    await t.db.delete(templateDrafts);
  });

  test("a draft with a mistake is not sent, and stays", async () => {
    const wrong = await submitDraft(lucia, { content: draft("mal", { body: "{{1}} hola" }) });
    expect(wrong).toMatchObject({ kind: "invalid" });
    expect(await listDrafts(lucia)).toMatchObject([{ content: { name: "mal" } }]);
    await t.db.delete(templateDrafts);
  });
});

describe("changing", () => {
  const change = async (name: string, body: string) => {
    const row = await stored(name);
    const content = { ...draftOf(row, { numberId: publicId("num", numberId), newKey: newId }), body };
    return submitDraft(lucia, { content, templateId: row.id });
  };

  test("replaces the text, puts it back in review, and keeps both texts; only once a day while approved", async () => {
    const row = await approvedTemplate("cambia");
    const next = "Hola, las rebajas siguen hasta el domingo. Responde BAJA para no recibir más.";
    expect(await change("cambia", next)).toMatchObject({ kind: "submitted", status: "PENDING" });
    expect(await change("cambia", `${next} Ven.`)).toMatchObject({ kind: "refused", code: "template_not_editable" });
    await graph.pass(60);
    await hear();
    const view = await getTemplate(lucia, { templateId: row.id });
    expect(view).toMatchObject({ status: "APPROVED", body: next });
    expect(view.versions.map(({ preview }) => preview.body)).toEqual([next, draft("cambia").body]);
    expect(view.events.map(({ kind }) => kind)).toContain("edited");
    expect(await change("cambia", `${next} Ven.`)).toMatchObject({ kind: "refused", code: "template_edit_limit" });
    expect(await open()).toEqual([]);
    await t.db.delete(templateDrafts);
    await graph.pass(86_400);
    expect(await change("cambia", `${next} Te esperamos.`)).toMatchObject({ kind: "submitted" });
  });
});

describe("what Meta does by itself", () => {
  test("quality, pause, disabling, another category and another text arrive by webhook and are told", async () => {
    await approvedTemplate("vive");
    const metaId = (await stored("vive")).metaId ?? "";
    const befall = async (event: Parameters<typeof graph.control.befallTemplate>[1]) => {
      await graph.control.befallTemplate(metaId, event);
      await hear();
      return stored("vive");
    };
    expect(await befall({ event: "quality", score: "YELLOW" })).toMatchObject({ quality: "YELLOW" });
    expect(await open()).toEqual(["template_quality_low"]);
    await befall({ event: "quality", score: "GREEN" });
    expect(await befall({ event: "pause" })).toMatchObject({ status: "PAUSED", pauseTitle: "FIRST_PAUSE" });
    expect(await open()).toEqual(["template_paused"]);
    expect(await befall({ event: "unpause" })).toMatchObject({ status: "APPROVED", pauseTitle: null });
    expect(await open()).toEqual([]);
    const soon = await befall({ event: "reclassify", to: "UTILITY", noticeSeconds: 3_600 });
    expect(soon).toMatchObject({ category: "MARKETING", nextCategory: "UTILITY" });
    expect(soon.nextCategoryAt?.getTime()).toBeGreaterThan(graph.now());
    expect(await open()).toEqual(["template_category_changing"]);
    await graph.pass(3_700);
    await hear();
    expect(await stored("vive")).toMatchObject({ category: "UTILITY", nextCategory: null });
    expect(await open()).toEqual(["template_category_changed"]);
    const text = "Hola, otro texto que nadie escribió aquí. Responde BAJA para no recibir más.";
    const changed = await befall({ event: "components", components: [{ type: "BODY", text }] });
    expect(changed.components).toMatchObject([{ type: "BODY", text }]);
    expect(await open()).toEqual(["template_category_changed", "template_changed_elsewhere"]);
    expect(await befall({ event: "disable" })).toMatchObject({ status: "DISABLED", disabledAt: expect.any(Date) });
    expect(await open()).toContain("template_disabled");
    await t.db.delete(notices);
  });

  test("what a webhook missed is found by reading, with the same effects; reading again finds nothing", async () => {
    await approvedTemplate("sin_aviso");
    await graph.control.befallTemplate((await stored("sin_aviso")).metaId ?? "", { event: "pause" });
    expect(await syncTemplates(worker)).toMatchObject({ changed: 0, deleted: 0 });
    expect(await stored("sin_aviso")).toMatchObject({ status: "PAUSED" });
    expect(await open()).toEqual(["template_paused"]);
    await hear();
    expect(await stored("sin_aviso")).toMatchObject({ status: "PAUSED" });
    await t.db.delete(notices);
  });

  test("a pause for quality is not lifted early, and Meta's refusal is said; deleting keeps the text", async () => {
    const { id: templateId } = await stored("sin_aviso");
    await expect(unpauseTemplate(lucia, { templateId })).rejects.toMatchObject({ code: "whatsapp_refused" });
    await deleteTemplate(lucia, { templateId });
    expect(await stored("sin_aviso")).toMatchObject({ status: "DELETED", components: expect.any(Array) });
    expect(await open()).toEqual([]);
  });
});

describe("files", () => {
  test("are uploaded once, and anew before Meta forgets them", async () => {
    const { mediaId } = await keepMedia(lucia, { fileName: "otra.png", bytes: Buffer.concat([png, Buffer.of(1)]) });
    const upload = async () => {
      await uploadMedia(worker, { numberId, mediaIds: [mediaId, mediaId] });
      const [row] = await t.db.select().from(mediaUploads).where(eq(mediaUploads.mediaId, mediaId));
      return row?.metaId;
    };
    const first = await upload();
    expect(first).toEqual(expect.any(String));
    expect(await upload()).toBe(first);
    await graph.pass(26 * 86_400);
    expect(await upload()).not.toBe(first);
  });

  test("that WhatsApp would not take are refused, and one that comes twice is one", async () => {
    const once = await keepMedia(lucia, { fileName: "a.png", bytes: png });
    expect((await keepMedia(lucia, { fileName: "b.png", bytes: png })).mediaId).toBe(once.mediaId);
    const keep = (fileName: string, bytes: Buffer) => keepMedia(lucia, { fileName, bytes });
    await expect(keep("a.exe", Buffer.from("MZ"))).rejects.toMatchObject({ params: { reason: "kind" } });
    const large = Buffer.concat([png, Buffer.alloc(5 * 1024 * 1024)]);
    await expect(keep("a.png", large)).rejects.toMatchObject({ params: { reason: "size" } });
  });
});

describe("Meta's own figures", () => {
  const send = (name: string, count: number, from = 0) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        graph.send({
          type: "template",
          template: { name, language: { code: "es" } },
          to: `+346${String(from + index).padStart(8, "0")}`,
        }),
      ),
    );

  test("are switched on once, read by day, kept as each reading said them, and shown as the largest", async () => {
    await graph.control.changeWorld({ api: { pacing: { holdAfter: 1_000_000 }, rates: { marketing: 50_000 } } });
    const { id: templateId } = await approvedTemplate("oferta");
    await pullAnalytics(worker);
    expect(await t.db.select().from(accountInsights)).toMatchObject([{ wabaId, enabledAt: now(), failure: null }]);
    await send("oferta", 10);
    await graph.pass(2 * 86_400);
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 0, templateDays: expect.any(Number) });
    const insights = await getTemplateInsights(lucia, { templateId });
    expect(insights).toMatchObject({ sent: 10, delivered: 10, read: 10, failure: null, pulledAt: now() });
    expect(insights.spentMicros).toBeGreaterThan(0);
    const kept = await t.db.select().from(templateAnalyticsDays);
    const charged = await t.db.select().from(pricingAnalyticsDays);
    expect(charged.reduce((sum, { volume }) => sum + volume, 0)).toBeGreaterThanOrEqual(10);

    await graph.pass(60);
    expect(await pullAnalytics(worker)).toMatchObject({ templateDays: 0, pricingDays: 0 });
    expect(await t.db.select().from(templateAnalyticsDays)).toEqual(kept);

    const [day] = kept.filter(({ sent }) => sent > 0);
    if (!day) throw new Error("no day");
    const empty = { ...day, pulledAt: now(), sent: 0, delivered: 0, read: 0, clicked: {}, spentMicros: 0 };
    await t.db.insert(templateAnalyticsDays).values(empty);
    expect(await getTemplateInsights(lucia, { templateId })).toMatchObject({ sent: 10, delivered: 10, read: 10 });
  });

  test("an account that cannot be read is told, and over when it can", async () => {
    await graph.control.planFaults([{ kind: "status", status: 503, on: "other", times: 1 }]);
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 1 });
    expect(await open()).toEqual(["template_insights_failed"]);
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 0 });
    expect(await open()).toEqual([]);
  });

  test("an account of which Meta counted too many calls is left alone by the nightly reading too, for as long as all calls wait", async () => {
    await graph.control.planFaults([{ kind: "error", status: 400, code: 80_007, on: "other", times: 1 }]);
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 1 });
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 1 }); // the fault is over: nothing was asked
    expect(await t.db.select().from(accountInsights)).toMatchObject([{ failure: "4" }]);
    await t.db.delete(accountCalls);
    expect(await pullAnalytics(worker)).toMatchObject({ failed: 0 });
  });

  test("two templates are compared once each was sent enough, and what Meta says is kept for both", async () => {
    const [one, other] = [await stored("oferta"), await approvedTemplate("otra")];
    expect(await compareTemplates(worker, { templateId: one.id, otherId: other.id })).toBe(false);
    expect((await getTemplateInsights(lucia, { templateId: one.id })).comparisons).toEqual([]);

    await graph.control.changeWorld({ api: { compareLeastSends: 10 } });
    await send("otra", 10, 500);
    await graph.pass(3_600);
    await graph.control.act([{ phone: "+34600000500", do: { act: "block", reason: "SPAM" } }]);
    expect(await compareTemplates(worker, { templateId: one.id, otherId: other.id })).toBe(true);
    const seen = async (templateId: string) => (await getTemplateInsights(lucia, { templateId })).comparisons;
    expect(await seen(one.id)).toMatchObject([{ otherName: "otra", isLessBlocked: true, sends: 10, windowDays: 30 }]);
    expect(await seen(other.id)).toMatchObject([{ otherName: "oferta", isLessBlocked: false, blockReason: "SPAM" }]);
  });
});

test("nobody without the permission writes, changes, uploads or reads figures", async () => {
  const noa = t.context({ kind: "user", userId: newId(), roles: ["approver"], sessionId: null }, { now });
  const content = draft("x");
  const components: never[] = [];
  for (const work of [
    () => keepDraft(noa, { content }),
    () => submitDraft(noa, { content }),
    () => discardDraft(noa, { draftId: newId() }),
    () => listDrafts(noa),
    () => editTemplate(noa, { templateId: newId(), category: "MARKETING", components }),
    () => unpauseTemplate(noa, { templateId: newId() }),
    () => keepMedia(noa, { fileName: "a.png", bytes: png }),
    () => uploadMedia(noa, { numberId, mediaIds: [] }),
    () => pullAnalytics(noa),
    () => compareTemplates(noa, { templateId: newId(), otherId: newId() }),
  ])
    await expect(work()).rejects.toMatchObject({ code: "forbidden" });
});
