import { AppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type DraftProblem, draftProblems } from "../draft-problems";
import type { CreateTemplate } from "../inputs";
import { answered, getNumber, storeTemplate, withCloudApi } from "../store";

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
  const problems = draftProblems(draft);
  if (problems.length > 0) return { kind: "invalid", problems };
  const number = await getNumber(ctx, numberId);
  const { name, language, category, parameterFormat, components } = draft;
  const submitted = { name, language, category, parameter_format: parameterFormat, components };
  const answer = await withCloudApi(ctx, number.id, (api) => api.createTemplate(number.wabaId, submitted));
  if (answer.kind === "refused") {
    const { code, subcode, detail } = answer;
    throw new AppError("template_rejected", { metaCode: code, metaSubcode: subcode ?? null, detail });
  }
  const created = answered(answer);
  const facts = {
    metaId: created.id,
    name,
    language,
    category: created.category.toUpperCase(),
    status: created.status,
    rejectedReason: null,
    parameterFormat,
    components,
  };
  const templateId = await transaction(ctx, async (tx) => {
    const stored = await storeTemplate(tx, number, facts, "person");
    await audit(tx, "template.created", { name, language, category: facts.category }, stored.templateId);
    return stored.templateId;
  });
  log.info("template.created", { templateId });
  return { kind: "created", templateId, status: facts.status, category: facts.category };
}
