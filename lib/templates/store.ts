import { and, eq, isNull } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { templateEvents, templates, templateVersions } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { isAccountLimit } from "@/lib/numbers/health";
import { getNumberCredentials } from "@/lib/numbers/queries/get-number-credentials";
import { type CloudApi, createCloudApi, type GraphResult } from "@/lib/whatsapp/client";
import { componentsHash } from "./components-hash";
import { noticesOf, type TemplateState } from "./notices";

export type TemplateRow = typeof templates.$inferSelect;
type NumberRow = typeof phoneNumbers.$inferSelect;

/** @throws AppError("not_found") */
export async function getNumber(ctx: Context, numberId: string): Promise<NumberRow> {
  const [number] = await ctx.db.select().from(phoneNumbers).where(eq(phoneNumbers.id, numberId)).limit(1);
  if (!number) throw new AppError("not_found", { numberId });
  return number;
}

/** @throws AppError("not_found"), also for a template that is deleted at Meta */
export async function getTemplateRow(ctx: Context, templateId: string): Promise<TemplateRow> {
  const alive = and(eq(templates.id, templateId), isNull(templates.deletedAt));
  const [template] = await ctx.db.select().from(templates).where(alive).limit(1);
  if (!template) throw new AppError("not_found", { templateId });
  return template;
}

/** Calls the Cloud API as a number of ours and closes the connections afterwards. Never inside a transaction. */
export async function withCloudApi<T>(ctx: Context, numberId: string, work: (api: CloudApi) => Promise<T>): Promise<T> {
  const { baseUrl, apiVersion, token } = await getNumberCredentials(ctx, { numberId });
  const api = createCloudApi({ baseUrl, apiVersion, token, connections: 2 });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** The value of a management call, or the refusal that people are shown. Meta's own words go along: they are in `detail`. */
export function answered<T>(result: GraphResult<T>): T {
  if (result.kind === "ok") return result.value;
  if (result.kind === "unavailable") throw new AppError("whatsapp_unreachable", { reason: result.reason });
  const { code, subcode, detail, title } = result;
  throw new AppError("whatsapp_refused", {
    metaCode: code,
    metaSubcode: subcode ?? null,
    title: title ?? null,
    detail,
  });
}

/**
 * The same for what Meta reviews: a refusal is one of the template, with Meta's words for whoever wrote it; but for too many
 * calls, which say nothing about the template.
 */
export function refusedByMeta<T>(result: GraphResult<T>): T {
  if (result.kind !== "refused" || isAccountLimit(result)) return answered(result);
  const { code, subcode, detail } = result;
  throw new AppError("template_rejected", { metaCode: code, metaSubcode: subcode ?? null, detail });
}

/** What Meta told us about a template. Undefined: not told; what we have stays. */
export interface TemplateFacts {
  metaId: string;
  name: string;
  language: string;
  category: string;
  status: string;
  quality?: string;
  rejectedReason: string | null;
  parameterFormat: "POSITIONAL" | "NAMED";
  components?: unknown;
  ttlSeconds?: number;
  /** Announced by Meta. */
  nextCategory?: string;
  /** The file of each media header, as chosen by whoever wrote it. */
  media?: Record<string, string>;
}

export interface Stored {
  templateId: string;
  isNew: boolean;
  /** Another text than the one we had. */
  hasNewText: boolean;
}

/** Inserts or updates the row of (account, name, language), keeps every text it ever had, and tells what changed. */
export async function storeTemplate(
  tx: Context,
  number: Pick<NumberRow, "id" | "wabaId">,
  facts: TemplateFacts,
  source: ChangeSource,
): Promise<Stored> {
  const existing = await lockedByName(tx, number.wabaId, facts);
  if (!existing && (await insertTemplate(tx, { number, facts, source })))
    return { templateId: (await lockedByName(tx, number.wabaId, facts))?.id ?? "", isNew: true, hasNewText: true };
  // Creating and synchronising may meet: whoever comes second updates the first one's row.
  const row = existing ?? (await lockedByName(tx, number.wabaId, facts));
  if (!row) throw new Error("A template's row was neither there nor could it be made");
  const { hasNewText } = await changeTemplate(tx, row, { ...facts, syncedAt: tx.now() }, { source });
  return { templateId: row.id, isNew: false, hasNewText };
}

async function lockedByName(
  tx: Context,
  wabaId: string,
  { name, language }: Pick<TemplateFacts, "name" | "language">,
): Promise<TemplateRow | undefined> {
  const place = and(eq(templates.wabaId, wabaId), eq(templates.name, name), eq(templates.language, language));
  const [row] = await tx.db.select().from(templates).where(place).limit(1).for("update");
  return row;
}

async function insertTemplate(
  tx: Context,
  { number, facts, source }: { number: Pick<NumberRow, "id" | "wabaId">; facts: TemplateFacts; source: ChangeSource },
): Promise<boolean> {
  const now = tx.now();
  const templateId = newId();
  const by = personOf(tx);
  const components = facts.components ?? [];
  const componentsSha256 = componentsHash(components);
  const inserted = await tx.db
    .insert(templates)
    .values({
      ...facts,
      id: templateId,
      numberId: number.id,
      wabaId: number.wabaId,
      components,
      componentsSha256,
      createdBy: by,
      createdAt: now,
      updatedAt: now,
      syncedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: templates.id });
  if (inserted.length === 0) return false;
  await tx.db.insert(templateVersions).values({ templateId, componentsSha256, components, since: now });
  await recordEvents(tx, templateId, source, [{ kind: "created", was: null, became: facts.status }]);
  const { name, language, category } = facts;
  await audit(tx, "template.created", { name, language, category, source }, templateId);
  return true;
}

export type ChangeSource = "person" | "webhook" | "sync";
type EventRow = typeof templateEvents.$inferInsert;
export type EventDetail = NonNullable<EventRow["detail"]>;
type NewEvent = Pick<EventRow, "kind" | "was" | "became">;

export type TemplateChange = Partial<
  Pick<
    TemplateRow,
    | "metaId"
    | "category"
    | "status"
    | "quality"
    | "rejectedReason"
    | "pauseTitle"
    | "nextCategory"
    | "nextCategoryAt"
    | "disabledAt"
    | "parameterFormat"
    | "ttlSeconds"
    | "media"
    | "syncedAt"
    | "components"
  >
>;

/**
 * Writes what is new about a template whose row is locked: the row, the text as a version, one event for each thing that
 * changed, and what people have to be told. Nothing new: nothing is written but the time of reading.
 */
export async function changeTemplate(
  tx: Context,
  row: TemplateRow,
  change: TemplateChange,
  { source, detail = {}, events = [] }: { source: ChangeSource; detail?: EventDetail; events?: NewEvent[] },
): Promise<{ hasNewText: boolean }> {
  const now = tx.now();
  const after = settled({ ...row, ...defined(change) });
  after.componentsSha256 = componentsHash(after.components);
  const [was, is] = [stateOf(row), stateOf(after)];
  const hasNewText = was.textHash !== is.textHash;
  const changes = [...events, ...eventsBetween(was, is)];
  const { id: templateId, name, language, createdAt: _, createdBy: __, ...values } = after;
  await tx.db
    .update(templates)
    .set({
      ...values,
      deletedAt: after.status === "DELETED" ? (row.deletedAt ?? now) : null,
      updatedAt: changes.length > 0 ? now : row.updatedAt,
    })
    .where(eq(templates.id, templateId));
  if (hasNewText)
    await tx.db
      .insert(templateVersions)
      .values({ templateId, componentsSha256: after.componentsSha256, components: after.components, since: now })
      .onConflictDoUpdate({
        target: [templateVersions.templateId, templateVersions.componentsSha256],
        set: { since: now },
      });
  if (changes.length === 0) return { hasNewText };
  await recordEvents(tx, templateId, source, changes, detail);
  const { raised, resolved } = noticesOf(row, { before: was, after: is, source });
  for (const key of resolved) await resolveNotice(tx, key);
  for (const notice of raised) await raiseNotice(tx, notice);
  const { status, category, quality } = is;
  await audit(
    tx,
    "template.changed",
    { name, language, was: was.status, status, category, quality, source },
    templateId,
  );
  log.info("template.changed", { templateId, status, category, quality, source, hasNewText });
  return { hasNewText };
}

/** What a state says by itself: a pause has a title while it lasts, an announced category is over when it is here. */
function settled(row: TemplateRow): TemplateRow {
  const isAnnounced = row.nextCategory !== null && row.nextCategory !== row.category;
  return {
    ...row,
    pauseTitle: row.status === "PAUSED" ? row.pauseTitle : null,
    nextCategory: isAnnounced ? row.nextCategory : null,
    nextCategoryAt: isAnnounced ? row.nextCategoryAt : null,
  };
}

function defined(change: TemplateChange): TemplateChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function stateOf(row: TemplateRow): TemplateState {
  return { ...row, textHash: row.componentsSha256.toString("hex") };
}

function eventsBetween(was: TemplateState, is: TemplateState): NewEvent[] {
  const found: NewEvent[] = [];
  if (was.status !== is.status) found.push({ kind: "status", was: was.status, became: is.status });
  if (was.quality !== is.quality) found.push({ kind: "quality", was: was.quality, became: is.quality });
  if (was.category !== is.category) found.push({ kind: "category", was: was.category, became: is.category });
  if (is.nextCategory !== null && was.nextCategory !== is.nextCategory)
    found.push({ kind: "category_notice", was: is.category, became: is.nextCategory });
  if (was.textHash !== is.textHash) found.push({ kind: "text", was: was.textHash, became: is.textHash });
  return found;
}

async function recordEvents(
  tx: Context,
  templateId: string,
  source: ChangeSource,
  events: readonly NewEvent[],
  detail: EventDetail = {},
): Promise<void> {
  const shared = { templateId, at: tx.now(), source, detail, by: personOf(tx) };
  await tx.db.insert(templateEvents).values(events.map((event) => ({ id: newId(), ...shared, ...event })));
}

/** The person, for columns that refer to people. */
export function personOf({ actor }: Context): string | null {
  return actor.kind === "user" ? actor.userId : null;
}

/** The row, locked, of a template that is not deleted at Meta. @throws AppError("not_found") */
export async function templateForUpdate(tx: Context, templateId: string): Promise<TemplateRow> {
  const alive = and(eq(templates.id, templateId), isNull(templates.deletedAt));
  const [row] = await tx.db.select().from(templates).where(alive).limit(1).for("update");
  if (!row) throw new AppError("not_found", { templateId });
  return row;
}
