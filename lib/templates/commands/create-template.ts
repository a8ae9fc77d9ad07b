import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import { type DraftProblem, draftProblems } from "../draft-problems";
import type { CreateTemplate } from "../inputs";
import { listAccountTexts } from "../queries/list-account-texts";
import { getNumber, refusedByMeta, storeTemplate } from "../store";
import { withHandles } from "./upload-media";

export type Created =
  | { kind: "created"; templateId: string; status: string; category: string }
  /** Nothing was sent: these rules would have refused it. */
  | { kind: "invalid"; problems: DraftProblem[] };

/**
 * Submits a template to Meta's review with the token of the number, and keeps what came back: status and category may
 * differ from what was asked. When we fall over between the two, the next synchronisation finds it.
 *
 * @throws AppError("template_rejected", { metaCode, metaSubcode, detail }), AppError("whatsapp_unreachable")
 */
export async function createTemplate(ctx: Context, { numberId, ...draft }: CreateTemplate): Promise<Created> {
  authorize(ctx, "template.edit");
  const number = await getNumber(ctx, numberId);
  const { name, language, category, parameterFormat, ttlSeconds } = draft;
  const problems = draftProblems(draft, await listAccountTexts(ctx, { wabaId: number.wabaId, language }));
  if (problems.length > 0) return { kind: "invalid", problems };
  const asked = await callAccount(ctx, number.id, async (api) => {
    const ready = await withHandles(ctx, draft.components, { api, appId: number.appId });
    const answer = await api.createTemplate(number.wabaId, {
      name,
      language,
      category,
      parameter_format: parameterFormat,
      components: ready.components,
      ...(ttlSeconds !== undefined && { message_send_ttl_seconds: ttlSeconds }),
    });
    if (answer.kind !== "ok") return answer;
    // The texts of an authentication template are Meta's own. Unread, the next synchronisation brings them.
    const read = category === "AUTHENTICATION" ? await api.getTemplate(answer.value.id) : undefined;
    const written = read?.kind === "ok" ? read.value.components : undefined;
    return {
      kind: "ok",
      value: { created: answer.value, prepared: { ...ready, ...(written && { components: written }) } },
    };
  });
  const { created, prepared } = refusedByMeta(asked);
  const facts = {
    metaId: created.id,
    name,
    language,
    category: created.category.toUpperCase(),
    status: created.status,
    rejectedReason: null,
    parameterFormat,
    ttlSeconds,
    ...prepared,
  };
  const { templateId } = await transaction(ctx, (tx) => storeTemplate(tx, number, facts, "person"));
  log.info("template.created", { templateId });
  return { kind: "created", templateId, status: facts.status, category: facts.category };
}
