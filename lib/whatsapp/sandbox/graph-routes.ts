import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { fault, faultBody, type GraphFault, unknownObject } from "./graph-errors";
import type { SandboxParts } from "./sandbox-parts";
import type { StoredTemplate } from "./template-shelf";

const MAX_PAGE = 1_000;

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).catch(25),
  after: z.string().optional(),
  fields: z.string().optional(),
  status: z.string().optional(),
  name: z.string().optional(),
  language: z.string().optional(),
  category: z.string().optional(),
});
const DEFAULT_TEMPLATE_FIELDS = "name,parameter_format,components,language,status,category,sub_category,id";

const callbackShape = z.object({ override_callback_uri: z.url(), verify_token: z.string() });
const callbackFailed: GraphFault = {
  status: 400,
  code: 2200,
  message: "(#2200) Callback verification failed: the address did not answer 200 with the challenge.",
};

/** Reads and template management, at the addresses of the Graph API. */
export function registerGraphRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account, shelf, engine } = parts;
  type ById = { Params: { id: string }; Querystring: Record<string, string | undefined> };

  server.post<ById>("/:version/:id/message_templates", async (request, reply) => {
    if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, "POST"));
    const created = shelf.create(request.body);
    if ("code" in created) return refuse(reply, created);
    engine.planReview(created.id);
    parts.save();
    return { id: created.id, status: created.status, category: created.category };
  });

  server.get<ById>("/:version/:id/message_templates", async (request, reply) => {
    if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, "GET"));
    const page = pageOf(
      shelf.all(),
      listQuery.parse(request.query),
      `${request.protocol}://${request.host}${request.url}`,
    );
    return "code" in page ? refuse(reply, page) : page;
  });

  server.delete<ById>("/:version/:id/message_templates", async (request, reply) => {
    if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, "DELETE"));
    const { name, hsm_id: id } = request.query;
    if (!name) return refuse(reply, fault(100, "The parameter name is required."));
    const removed = shelf.remove(name, id);
    if (removed !== true) return refuse(reply, removed);
    parts.save();
    return { success: true };
  });

  server.get<ById>("/:version/:id/phone_numbers", async (request, reply) => {
    if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, "GET"));
    return { data: [phoneNumber(parts)], paging: { cursors: { before: cursorAt(0), after: cursorAt(0) } } };
  });

  server.get<ById>("/:version/:id/subscribed_apps", async (request, reply) => {
    if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, "GET"));
    const app = { id: account.appId, link: "https://apps.example.test/", name: "Contraste sandbox" };
    return { data: parts.subscription.isOn ? [{ whatsapp_business_api_data: app }] : [] };
  });
  for (const method of ["POST", "DELETE"] as const) {
    server.route<ById>({
      method,
      url: "/:version/:id/subscribed_apps",
      handler: async (request, reply) => {
        if (request.params.id !== account.wabaId) return refuse(reply, unknownObject(request.params.id, method));
        const callback = callbackShape.safeParse(request.body);
        if (method === "POST" && callback.success) {
          const { override_callback_uri: url, verify_token: verifyToken } = callback.data;
          if (!(await parts.deliveries.confirms(url, verifyToken))) return refuse(reply, callbackFailed);
          engine.world = { ...engine.world, webhook: { url } };
        }
        parts.subscription.isOn = method === "POST";
        parts.save();
        return { success: true };
      },
    });
  }

  server.get<ById>("/:version/:id", async (request, reply) => {
    const { id } = request.params;
    const fields = request.query.fields;
    if (id === account.phoneNumberId) return pick(phoneNumber(parts), fields);
    if (id === account.wabaId) return pick({ id, name: "Contraste sandbox", currency: "EUR" }, fields);
    const template = shelf.get(id);
    return template ? pick(template, fields ?? DEFAULT_TEMPLATE_FIELDS) : refuse(reply, unknownObject(id, "GET"));
  });
}

function refuse(reply: { code: (status: number) => { send: (body: object) => unknown } }, refused: GraphFault) {
  return reply.code(refused.status).send(faultBody(refused));
}

function phoneNumber({ account, engine }: SandboxParts) {
  return {
    verified_name: "Contraste sandbox",
    display_phone_number: account.displayPhoneNumber,
    quality_rating: "GREEN",
    status: "CONNECTED",
    throughput: { level: engine.world.throughput.perSecond > 80 ? "HIGH" : "STANDARD" },
    whatsapp_business_manager_messaging_limit: "TIER_UNLIMITED",
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    platform_type: "CLOUD_API",
    account_mode: "SANDBOX",
    id: account.phoneNumberId,
  };
}

/** Graph gives the fields that were asked for, and the id always. */
function pick(whole: Record<string, unknown>, fields: string | undefined) {
  if (fields === undefined) return whole;
  const wanted = new Set([...fields.split(",").map((field) => field.trim()), "id"]);
  return Object.fromEntries(Object.entries(whole).filter(([key]) => wanted.has(key)));
}

function pageOf(all: StoredTemplate[], query: z.infer<typeof listQuery>, url: string) {
  const start = query.after === undefined ? 0 : positionOf(query.after);
  if (start === undefined) return fault(131059, "Restart from the first page", { details: undefined });
  const same = (wanted: string | undefined, found: string) =>
    wanted === undefined || wanted.toUpperCase() === found.toUpperCase();
  const matching = all.filter(
    (one) =>
      same(query.status, one.status) &&
      same(query.language, one.language) &&
      same(query.category, one.category) &&
      (query.name === undefined || one.name.includes(query.name)),
  );
  const end = start + query.limit;
  const data = matching.slice(start, end).map((one) => pick(one, query.fields ?? DEFAULT_TEMPLATE_FIELDS));
  if (data.length === 0) return { data };
  const cursors = { before: cursorAt(start), after: cursorAt(Math.min(end, matching.length)) };
  if (end >= matching.length) return { data, paging: { cursors } };
  const next = new URL(url);
  next.searchParams.set("after", cursors.after);
  return { data, paging: { cursors, next: next.href } };
}

function cursorAt(position: number): string {
  return Buffer.from(`at:${position}`).toString("base64url");
}

function positionOf(cursor: string): number | undefined {
  const match = /^at:(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  return match ? Number(match[1]) : undefined;
}
