import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, isNull, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { users } from "@/db/schema/identity";
import { notices } from "@/db/schema/notices";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates, templateVersions } from "@/db/schema/templates";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "@/lib/identity/actor";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { type CreateTemplate, CreateTemplateInput } from "../inputs";
import { getTemplate } from "../queries/get-template";
import { listTemplates } from "../queries/list-templates";
import { createTemplate } from "./create-template";
import { deleteTemplate } from "./delete-template";
import { recordTemplateChange, type TemplateReport } from "./record-template-change";
import { syncTemplates } from "./sync-templates";

const t = await testDatabase();

interface Call {
  method: string;
  path: string;
  authorization: string | undefined;
  body: unknown;
}
type Answer = { status?: number; body: unknown };
const calls: Call[] = [];
let answer: (call: Call) => Answer = () => ({ body: {} });

/** A Cloud API of this file's own, on this machine, that answers what a test tells it to. */
const server = createServer(async (request, response) => {
  const { method = "", url: path = "", headers } = request;
  const call = { method, path, authorization: headers.authorization, body: await bodyOf(request) };
  calls.push(call);
  const { status = 200, body } = answer(call);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await t.close();
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : JSON.parse(text);
}

const terminal = t.context(systemActor("terminal"));
const worker = t.context(systemActor("worker"), { db: t.as("worker") });
const { brandId } = await createBrand(terminal, { name: "Olmo", controller: "Olmo S. L." });
await connectNumber(terminal, {
  brandId,
  wabaId: "900000000000001",
  phoneNumberId: "800000000000001",
  displayNumber: "+1 555-010-0000",
  verifiedName: "Olmo",
  baseUrl: `http://127.0.0.1:${port}`,
  apiVersion: "v25.0",
  token: "the-token",
  appSecret: "the-secret",
  verifyToken: "the-verify-token",
  messagesPerSecond: 80,
  isSandbox: true,
});
const [number] = await t.db.select({ id: phoneNumbers.id }).from(phoneNumbers);
const numberId = number?.id ?? "";

async function person(...roles: Role[]) {
  const userId = newId();
  const row = { id: userId, name: "Lucía", email: `${userId}@example.com`, roles, createdAt: new Date() };
  await t.db.insert(users).values(row);
  return t.context({ kind: "user", userId, roles, sessionId: null }, { db: t.as("console") });
}
const lucia = await person("marketer");
const noa = await person("approver");

const components = [
  { type: "BODY", text: "Hola {{1}}, empiezan las rebajas.", example: { body_text: [["Ana"]] } },
  { type: "FOOTER", text: "Responde BAJA para no recibir más" },
];
const draft = (name: string, change: Record<string, unknown> = {}) =>
  CreateTemplateInput.parse({ numberId, name, language: "es-ES", category: "MARKETING", components, ...change });
const listed = (change: Record<string, unknown> = {}) => ({
  id: "700000000000001",
  name: "enero_a",
  language: "es_ES",
  status: "APPROVED",
  category: "MARKETING",
  components,
  quality_score: { score: "GREEN" },
  ...change,
});
const pages = (...list: unknown[][]) => {
  answer = ({ path }) => {
    const page = Number(new URLSearchParams(path.split("?")[1]).get("after") ?? 0);
    const next = page + 1 < list.length ? { next: "https://graph.example.test/next" } : {};
    return { body: { data: list[page], paging: { cursors: { after: String(page + 1) }, ...next } } };
  };
};
const answerFor =
  (template: { id: string; status: string; category: string }) =>
  ({ method }: Call): Answer => ({ body: method === "POST" ? template : { data: [template] } });
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "no refusal",
    (error) => ({ code: error.code ?? String(error), ...error.params }),
  );
const stored = async (name: string) => (await t.db.select().from(templates).where(eq(templates.name, name)))[0];

beforeEach(async () => {
  calls.length = 0;
  await t.db.execute(sql`truncate templates, template_versions, template_events, notices cascade`);
});

describe("creating", () => {
  test("submits with the number's token and keeps what Meta made of it, another category included", async () => {
    answer = () => ({ body: { id: "7", status: "PENDING", category: "UTILITY" } });
    const created = await createTemplate(lucia, draft("enero_a"));
    expect(created).toMatchObject({ kind: "created", status: "PENDING", category: "UTILITY" });
    expect(calls).toEqual([
      {
        method: "POST",
        path: "/v25.0/900000000000001/message_templates",
        authorization: "Bearer the-token",
        body: { name: "enero_a", language: "es_ES", category: "MARKETING", parameter_format: "POSITIONAL", components },
      },
    ]);
    expect(await stored("enero_a")).toMatchObject({ metaId: "7", status: "PENDING", category: "UTILITY" });
  });

  test("a marketing template without a way out, or one that Meta would refuse, is never sent", async () => {
    const [body] = components;
    const found = await createTemplate(lucia, draft("sin_baja", { components: [body] }));
    expect(found).toEqual({ kind: "invalid", problems: [{ code: "opt_out_missing", at: "components" }] });
    const edge = [{ type: "BODY", text: "{{1}} te espera. Responde BAJA", example: { body_text: [["Ana"]] } }];
    expect(await createTemplate(lucia, draft("borde", { components: edge }))).toMatchObject({
      problems: [{ code: "variable_at_edge" }],
    });
    expect(calls).toEqual([]);
  });

  test("a name or a text that another template of the account has is refused before Meta is asked", async () => {
    answer = () => ({ body: { id: "7", status: "PENDING", category: "MARKETING" } });
    await createTemplate(lucia, draft("enero_a"));
    calls.length = 0;
    const codes = async (input: CreateTemplate) => {
      const found = await createTemplate(lucia, input);
      return found.kind === "invalid" && found.problems.map(({ code }) => code);
    };
    expect(await codes(draft("enero_a"))).toEqual(["name_taken"]);
    expect(await codes(draft("enero_b"))).toEqual(["text_taken"]);
    expect(calls).toEqual([]);
    await t.db.update(templates).set({ deletedAt: new Date() });
    expect(await createTemplate(lucia, draft("enero_b"))).toMatchObject({ kind: "created" });
  });

  test("a refusal by Meta comes back with its words, and nothing is stored", async () => {
    const error = { message: "Invalid parameter", code: 100, error_subcode: 2388299, error_user_msg: "Variables…" };
    answer = () => ({ status: 400, body: { error } });
    expect(await refusalOf(createTemplate(lucia, draft("enero_a")))).toMatchObject({
      code: "template_rejected",
      metaCode: 100,
      metaSubcode: 2388299,
      detail: "Variables…",
    });
    expect(await stored("enero_a")).toBeUndefined();
  });
});

describe("synchronising", () => {
  test("reads every page, keeps every text, and marks what is gone", async () => {
    pages([listed()], [listed({ id: "2", name: "enero_b", language: "es-ES", status: "PAUSED" })]);
    expect(await syncTemplates(worker)).toEqual({ found: 2, added: 2, changed: 0, deleted: 0 });
    const changed = [{ type: "BODY", text: "Hola {{1}}, acaban las rebajas." }, components[1]];
    pages([listed({ components: changed, quality_score: { score: "YELLOW" } })]);
    expect(await syncTemplates(worker)).toEqual({ found: 1, added: 0, changed: 1, deleted: 1 });

    const row = await stored("enero_a");
    expect(row).toMatchObject({ quality: "YELLOW", components: changed, deletedAt: null });
    const versions = await t.db
      .select()
      .from(templateVersions)
      .where(eq(templateVersions.templateId, row?.id ?? ""));
    expect(versions).toHaveLength(2);
    expect(await stored("enero_b")).toMatchObject({ status: "DELETED", language: "es_ES" });
    expect((await listTemplates(noa)).map(({ name }) => name)).toEqual(["enero_a"]);
    const view = await getTemplate(noa, { templateId: row?.id ?? "" });
    expect(view.versions.map(({ preview }) => preview.body)).toEqual(
      expect.arrayContaining(["Hola {{1}}, empiezan las rebajas.", "Hola {{1}}, acaban las rebajas."]),
    );
  });

  test("twice in a row changes nothing, and a list without texts keeps those we have", async () => {
    pages([listed()]);
    await syncTemplates(worker);
    expect(await syncTemplates(worker)).toEqual({ found: 1, added: 0, changed: 0, deleted: 0 });
    pages([listed({ components: undefined, status: "DISABLED" })]);
    await syncTemplates(worker);
    expect(await stored("enero_a")).toMatchObject({ status: "DISABLED", components });
  });

  test("and creating at the same moment end in one row that is alive", async () => {
    answer = answerFor(listed());
    await Promise.all([createTemplate(lucia, draft("enero_a")), syncTemplates(worker), syncTemplates(worker)]);
    const rows = await t.db.select().from(templates);
    expect(rows).toEqual([expect.objectContaining({ name: "enero_a", deletedAt: null })]);
  });

  test("an account that counted too many calls is not asked again before its wait is over", async () => {
    answer = () => ({ status: 400, body: { error: { message: "(#80007) Rate limit issues", code: 80007 } } });
    expect(await refusalOf(syncTemplates(worker))).toMatchObject({ code: "whatsapp_refused", metaCode: 80007 });
    const asked = calls.length;
    expect(await refusalOf(syncTemplates(worker))).toMatchObject({ code: "whatsapp_refused" });
    expect(await refusalOf(createTemplate(lucia, draft("enero_a")))).toMatchObject({ code: "whatsapp_refused" });
    expect(calls).toHaveLength(asked);
    await t.db.execute(sql`truncate account_calls`);
  });

  test("an account that does not answer is said so, and nothing is taken for deleted", async () => {
    pages([listed()]);
    await syncTemplates(worker);
    answer = () => ({ status: 503, body: "<html>" });
    expect(await refusalOf(syncTemplates(worker))).toMatchObject({ code: "whatsapp_unreachable" });
    expect(await stored("enero_a")).toMatchObject({ status: "APPROVED", deletedAt: null });
  });
});

describe("webhooks", () => {
  const named = { wabaId: "900000000000001", templateId: "700000000000001", name: "enero_a", language: "es-ES" };
  const status = (event: string, more: Partial<Extract<TemplateReport, { kind: "template_status" }>> = {}) =>
    recordTemplateChange(worker, { kind: "template_status", ...named, event, ...more });
  const open = async () =>
    (await t.db.select().from(notices).where(isNull(notices.resolvedAt))).map(({ kind }) => kind).sort();
  const history = async () => {
    const row = await stored("enero_a");
    const view = await getTemplate(noa, { templateId: row?.id ?? "" });
    return view.events.map(({ kind, source, was, became }) => `${source} ${kind}: ${was ?? ""} → ${became}`);
  };

  beforeEach(async () => {
    pages([listed()]);
    await syncTemplates(worker);
  });

  test("a rejection is kept with Meta's reason and advice, told once, and over when it is approved", async () => {
    const rejection = { reason: "Parameters are adjacent.", recommendation: "Put text between them." };
    for (let n = 0; n < 2; n++) await status("REJECTED", { reason: "INVALID_FORMAT", rejection });
    expect(await stored("enero_a")).toMatchObject({ status: "REJECTED", rejectedReason: "INVALID_FORMAT" });
    expect(await open()).toEqual(["template_rejected"]);
    await status("APPROVED", { reason: "NONE" });
    expect(await stored("enero_a")).toMatchObject({ status: "APPROVED", rejectedReason: null });
    expect(await open()).toEqual([]);
    expect(await history()).toEqual([
      "webhook status: REJECTED → APPROVED",
      "webhook status: APPROVED → REJECTED",
      "sync created:  → APPROVED",
    ]);
  });

  test("a pause has its title while it lasts; the third one disables with its date", async () => {
    await status("PAUSED", { title: "FIRST_PAUSE" });
    expect(await stored("enero_a")).toMatchObject({ status: "PAUSED", pauseTitle: "FIRST_PAUSE" });
    expect(await open()).toEqual(["template_paused"]);
    await status("APPROVED", { title: "UNPAUSE" });
    expect(await stored("enero_a")).toMatchObject({ status: "APPROVED", pauseTitle: null });
    const disabledAt = new Date("2026-11-24T10:00:00Z");
    await status("DISABLED", { disabledAt });
    expect(await stored("enero_a")).toMatchObject({ status: "DISABLED", disabledAt });
    expect(await open()).toEqual(["template_disabled"]);
  });

  test("flagged, reinstated, archived and taken back: sendable only where Meta says so", async () => {
    for (const [event, becomes, told] of [
      ["FLAGGED", "FLAGGED", ["template_flagged"]],
      ["REINSTATED", "APPROVED", []],
      ["ARCHIVED", "ARCHIVED", ["template_archived"]],
      ["UNARCHIVED", "APPROVED", []],
      ["PENDING_DELETION", "PENDING_DELETION", ["template_gone"]],
      ["SOMETHING_NEW", "SOMETHING_NEW", []],
    ] as const) {
      await status(event);
      expect(await stored("enero_a")).toMatchObject({ status: becomes });
      expect(await open(), event).toEqual(told);
    }
  });

  test("quality is told when it is medium or low, and over when it is not", async () => {
    const quality = (current: string) =>
      recordTemplateChange(worker, { kind: "template_quality", ...named, previous: "GREEN", current });
    await quality("RED");
    expect(await stored("enero_a")).toMatchObject({ quality: "RED", status: "APPROVED" });
    expect(await open()).toEqual(["template_quality_low"]);
    await quality("GREEN");
    expect(await open()).toEqual([]);
  });

  test("an announced category changes nothing yet but is told; once here, it is the category and both stay in the history", async () => {
    const takesEffectAt = new Date("2026-11-25T10:00:00Z");
    const change = { kind: "template_category", ...named } as const;
    await recordTemplateChange(worker, {
      ...change,
      phase: "impending",
      current: "MARKETING",
      next: "utility",
      takesEffectAt,
    });
    expect(await stored("enero_a")).toMatchObject({
      category: "MARKETING",
      nextCategory: "UTILITY",
      nextCategoryAt: takesEffectAt,
    });
    expect(await open()).toEqual(["template_category_changing"]);
    await recordTemplateChange(worker, { ...change, phase: "done", previous: "MARKETING", current: "UTILITY" });
    expect(await stored("enero_a")).toMatchObject({ category: "UTILITY", nextCategory: null, status: "APPROVED" });
    expect(await open()).toEqual(["template_category_changed"]);
    expect((await history()).slice(0, 2)).toEqual([
      "webhook category: MARKETING → UTILITY",
      "webhook category_notice: MARKETING → UTILITY",
    ]);
  });

  test("another text is a version of its own; what the webhook leaves out stays", async () => {
    const report = {
      kind: "template_components",
      ...named,
      body: "Hola {{1}}, ya no hay rebajas.",
      buttons: [],
    } satisfies TemplateReport;
    await recordTemplateChange(worker, { ...report, footer: "Responde BAJA para no recibir más" });
    expect(await stored("enero_a")).toMatchObject({
      components: [{ ...components[0], text: "Hola {{1}}, ya no hay rebajas." }, components[1]],
    });
    expect(await open()).toEqual(["template_changed_elsewhere"]);
    const row = await stored("enero_a");
    expect((await getTemplate(noa, { templateId: row?.id ?? "" })).versions.map(({ preview }) => preview.body)).toEqual(
      ["Hola {{1}}, ya no hay rebajas.", "Hola {{1}}, empiezan las rebajas."],
    );
  });

  test("another example is no other text: no approval is lost to the address of a picture", async () => {
    const picture = (url: string) => ({ type: "HEADER", format: "IMAGE", example: { header_handle: [url] } });
    pages([listed({ components: [picture("https://cdn.example/1"), ...components] })]);
    await syncTemplates(worker);
    pages([listed({ components: [picture("https://cdn.example/2"), ...components] })]);
    expect(await syncTemplates(worker)).toMatchObject({ changed: 0 });
  });

  test("a report that was overtaken by a later one is not believed", async () => {
    await status("PAUSED", { at: new Date("2026-11-24T12:00:00Z") });
    const late = await status("APPROVED", { at: new Date("2026-11-24T11:00:00Z") });
    expect(late).toMatchObject({ kind: "outdated" });
    expect(await stored("enero_a")).toMatchObject({ status: "PAUSED" });
  });

  test("about a template of somebody else are not taken for ours", async () => {
    expect(await status("PAUSED", { wabaId: "1" })).toEqual({ kind: "unknown_template" });
    expect(await stored("enero_a")).toMatchObject({ status: "APPROVED" });
  });
});

test("deleting asks Meta for this language only, and keeps the text people received", async () => {
  pages([listed()]);
  await syncTemplates(worker);
  const row = await stored("enero_a");
  calls.length = 0;
  answer = () => ({ body: { success: true } });
  await deleteTemplate(lucia, { templateId: row?.id ?? "" });
  expect(calls.map(({ method, path }) => [method, path])).toEqual([
    ["DELETE", "/v25.0/900000000000001/message_templates?name=enero_a&hsm_id=700000000000001"],
  ]);
  expect(await stored("enero_a")).toMatchObject({ status: "DELETED", components });
});

test("nobody without the permission creates, synchronises, records or deletes", async () => {
  const report: TemplateReport = {
    kind: "template_status",
    wabaId: "1",
    templateId: "1",
    name: "x",
    language: "es",
    event: "APPROVED",
  };
  const boss = await person("executive");
  for (const work of [
    () => createTemplate(noa, draft("x")),
    () => syncTemplates(noa),
    () => recordTemplateChange(noa, report),
    () => deleteTemplate(noa, { templateId: newId() }),
    () => listTemplates(boss),
  ])
    expect(await refusalOf(work())).toMatchObject({ code: "forbidden" });
  expect(calls).toEqual([]);
});
