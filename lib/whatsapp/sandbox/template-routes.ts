import type { FastifyInstance, FastifyRequest } from "fastify";
import { compare } from "./analytics";
import { fault, invalidParameter, Refusal, unknownObject } from "./graph-errors";
import { type ById, orRefuse, parametersOf, requireId } from "./graph-requests";
import { pageOf, pageQuery, pick } from "./paging";
import type { SandboxParts } from "./sandbox-parts";
import type { StoredTemplate } from "./template-shelf";
import { statusUpdate } from "./template-updates";

export const DEFAULT_FIELDS = "name,parameter_format,components,language,status,category,sub_category,id";

/** Template management at the addresses of the Graph API. */
export function registerTemplateRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account, shelf, life, engine, clock } = parts;

  server.post<ById>("/:version/:id/message_templates", async (request) => {
    requireId(request, account.wabaId);
    const { id, status, category } = created(shelf.create(parametersOf(request)));
    const template = shelf.get(id);
    if (template) life.review(template);
    return { id, status, category };
  });

  server.get<ById>("/:version/:id/message_templates", async (request) => {
    requireId(request, account.wabaId);
    const query = pageQuery.parse(request.query);
    const fields = query.fields ?? DEFAULT_FIELDS;
    const matching = shelf.all().filter((template) => matches(template, request.query));
    return orRefuse(
      pageOf(
        matching.map((template) => pick(shownTemplate(template), fields)),
        query,
        request,
      ),
    );
  });

  server.delete<ById>("/:version/:id/message_templates", async (request) => {
    requireId(request, account.wabaId);
    const { name, hsm_id: id } = parametersOf(request);
    if (typeof name !== "string") {
      throw new Refusal(fault(100, undefined, { message: "(#100) The parameter name is required." }));
    }
    const { gone, waiting } = orRefuse(shelf.remove(name, typeof id === "string" ? id : undefined));
    for (const template of waiting) life.awaitDeletion(template);
    for (const template of gone) {
      engine.post(statusUpdate(template, clock.now(), { event: "DELETED", reason: null }));
    }
    parts.save();
    return { success: true };
  });

  server.post<ById>("/:version/:id/unpause", async (request) => {
    const template = templateOf(request, parts);
    if (template.status !== "PAUSED") throw new Refusal(invalidParameter("The template is not paused."));
    if (template.life.pausedUntil !== undefined) {
      throw new Refusal(invalidParameter("A pause for low quality lifts by itself."));
    }
    life.unpause(template, clock.now());
    return { success: true };
  });

  server.get<ById>("/:version/:id/compare", async (request) =>
    orRefuse(compare(templateOf(request, parts), request.query, parts)),
  );
}

/** `POST /{template-id}`. */
export function changeTemplate(template: StoredTemplate, request: FastifyRequest, parts: SandboxParts) {
  const result = parts.shelf.edit(template, parametersOf(request));
  if (typeof result !== "string") throw new Refusal(result);
  if (result === "reviewed") parts.life.review(template);
  parts.save();
  return { success: true };
}

/** A template as the API shows it. */
export function shownTemplate({ life: _life, ...template }: StoredTemplate): Record<string, unknown> {
  return template;
}

function created(result: ReturnType<SandboxParts["shelf"]["create"]>): StoredTemplate {
  if (!("id" in result)) throw new Refusal(result);
  return result;
}

function templateOf(request: FastifyRequest<ById>, { shelf }: SandboxParts): StoredTemplate {
  const template = shelf.get(request.params.id);
  if (!template) throw new Refusal(unknownObject(request.params.id, request.method));
  return template;
}

function matches(template: StoredTemplate, query: ById["Querystring"]): boolean {
  const isSame = (wanted: string | undefined, found: string) =>
    wanted === undefined || wanted.toUpperCase() === found.toUpperCase();
  return (
    isSame(query.status, template.status) &&
    isSame(query.language, template.language) &&
    isSame(query.category, template.category) &&
    isSame(query.quality_score, template.quality_score.score) &&
    (query.name === undefined || template.name.includes(query.name)) &&
    (query.content === undefined || JSON.stringify(template.components).includes(query.content))
  );
}
