import type { FastifyInstance } from "fastify";
import { templateAnalytics } from "./analytics";
import { type ById, orRefuse, requireId } from "./graph-requests";
import { fieldNames } from "./paging";
import type { SandboxParts } from "./sandbox-parts";
import { type Expansion, wabaField } from "./waba-analytics";

/** Analytics of templates; those of the account hang on its fields. */
export function registerAnalyticsRoutes(server: FastifyInstance, parts: SandboxParts) {
  const edges = { template_analytics: "template_ids", template_group_analytics: "template_group_ids" } as const;
  for (const [edge, by] of Object.entries(edges)) {
    server.get<ById>(`/:version/:id/${edge}`, async (request) => {
      requireId(request, parts.account.wabaId);
      return orRefuse(templateAnalytics(request.query, by, parts));
    });
  }
}

/** Parts of a `fields` parameter: plain names, and names with arguments such as `analytics.start(1).end(2)`. */
export function fieldExpansions(fields: string | undefined): { plain: string | undefined; expanded: Expansion[] } {
  if (fields === undefined) return { plain: undefined, expanded: [] };
  const names = fieldNames(fields);
  const expanded = names.filter((name) => name.includes("(")).map(expansionOf);
  return { plain: names.filter((name) => !name.includes("(")).join(","), expanded };
}

export function wabaAnalytics(expanded: Expansion[], parts: SandboxParts): Record<string, unknown> {
  return Object.fromEntries(expanded.map((field) => [field.name, orRefuse(wabaField(field, parts))]));
}

function expansionOf(text: string): Expansion {
  const name = text.slice(0, text.search(/[.({]/));
  const pairs = [...text.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, key = "", value = ""]) => [key, value] as const);
  return { name, parameters: Object.fromEntries(pairs) };
}
