import type { FastifyInstance, FastifyRequest } from "fastify";
import { changeWaba, wabaNode } from "./account-routes";
import { fieldExpansions, wabaAnalytics } from "./analytics-routes";
import { Refusal, unknownObject } from "./graph-errors";
import type { ById } from "./graph-requests";
import { describeMedia, takeUpload } from "./media-routes";
import { changeNumber, numberNode } from "./number-routes";
import { pick } from "./paging";
import type { SandboxParts } from "./sandbox-parts";
import { changeTemplate, DEFAULT_FIELDS, shownTemplate } from "./template-routes";

/** `/{id}`: whatever object the id names. */
export function registerNodeRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account, shelf, media, uploads } = parts;
  const unknown = (request: FastifyRequest<ById>) => new Refusal(unknownObject(request.params.id, request.method));

  server.get<ById>("/:version/:id", async (request) => {
    const { id } = request.params;
    const { fields } = request.query;
    if (id === account.phoneNumberId) return pick(numberNode(parts), fields);
    if (id === account.wabaId) {
      const { plain, expanded } = fieldExpansions(fields);
      return { ...wabaAnalytics(expanded, parts), ...pick(wabaNode(parts), plain) };
    }
    if (id === account.appId)
      return pick({ id, name: "Contraste sandbox", link: "https://apps.example.test/" }, fields);
    const template = shelf.get(id);
    if (template) return pick(shownTemplate(template), fields ?? DEFAULT_FIELDS);
    const { phone_number_id: owner = account.phoneNumberId } = request.query;
    const file = owner === account.phoneNumberId ? media.get(id) : undefined;
    if (file) return describeMedia(file, request, parts);
    const offset = uploads.offsetOf(id);
    if (offset !== undefined) return { id, file_offset: offset };
    throw unknown(request);
  });

  server.post<ById>("/:version/:id", { bodyLimit: 101 * 1024 * 1024 }, async (request) => {
    const { id } = request.params;
    if (id.startsWith("upload:")) return takeUpload(id, request, parts);
    if (id === account.wabaId) return changeWaba(request, parts);
    if (id === account.phoneNumberId) return changeNumber(request, parts);
    const template = shelf.get(id);
    if (template) return changeTemplate(template, request, parts);
    throw unknown(request);
  });

  server.delete<ById>("/:version/:id", async (request) => {
    const { id } = request.params;
    if (!media.get(id)) throw unknown(request);
    media.remove(id);
    parts.save();
    return { success: true };
  });
}
