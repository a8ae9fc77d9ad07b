import { and, eq, isNull } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { templates, templateVersions } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { getNumberCredentials } from "@/lib/numbers/queries/get-number-credentials";
import { type CloudApi, createCloudApi, type GraphResult } from "@/lib/whatsapp/client";
import { componentsHash } from "./components-hash";

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

/** What Meta told us about a template. */
export interface TemplateFacts {
  metaId: string;
  name: string;
  language: string;
  category: string;
  status: string;
  quality: string;
  rejectedReason: string | null;
  parameterFormat: "POSITIONAL" | "NAMED";
  /** Undefined: not told; what we have stays. */
  components: unknown;
}

export interface Stored {
  templateId: string;
  isNew: boolean;
  /** A text that we had not seen before. */
  hasNewText: boolean;
}

/** Inserts or updates the row of (account, name, language) and keeps every text it ever had. */
export async function storeTemplate(
  tx: Context,
  number: Pick<NumberRow, "id" | "wabaId">,
  { components, ...facts }: TemplateFacts,
  createdBy: string | null = null,
): Promise<Stored> {
  const now = tx.now();
  const place = and(
    eq(templates.wabaId, number.wabaId),
    eq(templates.name, facts.name),
    eq(templates.language, facts.language),
  );
  const [existing] = await tx.db.select().from(templates).where(place).limit(1).for("update");
  const text = components ?? existing?.components ?? [];
  const hash = componentsHash(text);
  const values = { ...facts, components: text, componentsSha256: hash, updatedAt: now, syncedAt: now, deletedAt: null };
  const templateId = existing?.id ?? (await insertTemplate(tx, { number, values, createdBy }));
  if (existing) await tx.db.update(templates).set(values).where(eq(templates.id, templateId));
  const added = await tx.db
    .insert(templateVersions)
    .values({ templateId, componentsSha256: hash, components: text, since: now })
    .onConflictDoNothing()
    .returning({ templateId: templateVersions.templateId });
  return { templateId, isNew: !existing, hasNewText: added.length > 0 };
}

type TemplateValues = Omit<typeof templates.$inferInsert, "id" | "numberId" | "wabaId" | "createdBy" | "createdAt">;

/** Creating and synchronising may meet: whoever comes second updates the first one's row. */
async function insertTemplate(
  tx: Context,
  {
    number,
    values,
    createdBy,
  }: { number: Pick<NumberRow, "id" | "wabaId">; values: TemplateValues; createdBy: string | null },
): Promise<string> {
  const created = { id: newId(), numberId: number.id, wabaId: number.wabaId, createdBy, createdAt: tx.now() };
  const [row] = await tx.db
    .insert(templates)
    .values({ ...created, ...values })
    .onConflictDoUpdate({ target: [templates.wabaId, templates.name, templates.language], set: values })
    .returning({ id: templates.id });
  return row?.id ?? created.id;
}
