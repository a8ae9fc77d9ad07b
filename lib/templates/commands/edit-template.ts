import { and, asc, eq, gt } from "drizzle-orm";
import { templateEvents } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { DraftComponent } from "../draft";
import { type DraftProblem, draftProblems } from "../draft-problems";
import { listAccountTexts } from "../queries/list-account-texts";
import {
  changeTemplate,
  getNumber,
  getTemplateRow,
  refusedByMeta,
  type TemplateRow,
  templateForUpdate,
} from "../store";
import { editableStatuses, SENDABLE_STATUS } from "../template";
import { factsOf } from "./sync-templates";
import { withHandles } from "./upload-media";

export interface EditTemplate {
  templateId: string;
  category: "MARKETING" | "UTILITY" | "AUTHENTICATION";
  /** All of them: Meta replaces what was there. */
  components: DraftComponent[];
  ttlSeconds?: number;
}

export type Edited =
  | { kind: "edited"; templateId: string; status: string }
  /** Nothing was sent: these rules would have refused it. */
  | { kind: "invalid"; problems: DraftProblem[] };

const DAY_MS = 86_400_000;
/** Changes of an approved template (whatsapp/cloud-api.md 5.1). */
const MOST_EDITS = 10;
const EDITS_WINDOW_DAYS = 30;

/**
 * Replaces the whole text of a template, which puts it back in review. Whether a running campaign speaks it is asked by
 * `lib/campaigns/commands/submit-template.ts`.
 *
 * @throws AppError("template_not_editable", { status }) in other states than Meta takes changes in,
 *   AppError("template_edit_limit", { againAt }), AppError("template_rejected" | "whatsapp_unreachable")
 */
export async function editTemplate(ctx: Context, { templateId, ...wanted }: EditTemplate): Promise<Edited> {
  authorize(ctx, "template.edit");
  const template = await getTemplateRow(ctx, templateId);
  const { name, language, parameterFormat, status, metaId } = template;
  const isApproved = status === SENDABLE_STATUS;
  if (!metaId || !editableStatuses.some((one) => one === status))
    throw new AppError("template_not_editable", { status });
  if (isApproved) await refuseTooMany(ctx, template);
  // The category of an approved template stays; of another one it may be changed with the text.
  const { components: written, ttlSeconds, category } = wanted;
  const draft = { name, language, category: isApproved ? categoryOf(template, category) : category, parameterFormat };
  const others = await listAccountTexts(ctx, { wabaId: template.wabaId, language, exceptId: templateId });
  const problems = draftProblems({ ...draft, components: written, ttlSeconds }, others);
  if (problems.length > 0) return { kind: "invalid", problems };
  const number = await getNumber(ctx, template.numberId);
  const asked = await callAccount(ctx, number.id, async (api) => {
    const prepared = await withHandles(ctx, written, { api, appId: number.appId });
    const change = {
      components: prepared.components,
      ...(!isApproved && { category: draft.category }),
      ...(ttlSeconds !== undefined && { message_send_ttl_seconds: ttlSeconds }),
    };
    const answer = await api.editTemplate(metaId, change);
    if (answer.kind !== "ok") return answer;
    // What Meta made of it: usually PENDING. Unread, the next webhook or synchronisation tells.
    const read = await api.getTemplate(metaId);
    const now = read.kind === "ok" ? read.value : undefined;
    return { kind: "ok", value: { submitted: prepared.components, media: prepared.media, now } };
  });
  const { submitted, media, now } = refusedByMeta(asked);
  await transaction(ctx, async (tx) => {
    const row = await templateForUpdate(tx, templateId);
    const facts = now ? factsOf(now) : { status: "PENDING", category: row.category };
    const events = [{ kind: "edited" as const, was: row.status, became: facts.status }];
    // The texts of an authentication template are Meta's own.
    const components = (draft.category === "AUTHENTICATION" && now?.components) || submitted;
    const change = { status: facts.status, category: facts.category, components, media, ttlSeconds };
    await changeTemplate(tx, row, change, { source: "person", events });
  });
  return { kind: "edited", templateId, status: now?.status ?? "PENDING" };
}

function categoryOf({ category }: TemplateRow, wanted: EditTemplate["category"]): EditTemplate["category"] {
  return (["MARKETING", "UTILITY", "AUTHENTICATION"] as const).find((one) => one === category) ?? wanted;
}

async function refuseTooMany(ctx: Context, { id }: TemplateRow): Promise<void> {
  const now = ctx.now().getTime();
  const since = new Date(now - EDITS_WINDOW_DAYS * DAY_MS);
  const edits = await ctx.db
    .select({ at: templateEvents.at })
    .from(templateEvents)
    .where(and(eq(templateEvents.templateId, id), eq(templateEvents.kind, "edited"), gt(templateEvents.at, since)))
    .orderBy(asc(templateEvents.at));
  const latest = edits.at(-1);
  const oldest = edits.at(-MOST_EDITS);
  const againAt = Math.max(
    latest ? latest.at.getTime() + DAY_MS : 0,
    oldest ? oldest.at.getTime() + EDITS_WINDOW_DAYS * DAY_MS : 0,
  );
  if (againAt > now) throw new AppError("template_edit_limit", { againAt: new Date(againAt).toISOString() });
}
