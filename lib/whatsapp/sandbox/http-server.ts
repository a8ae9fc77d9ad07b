import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { parseJson } from "../graph";
import { registerAccountRoutes } from "./account-routes";
import { registerAnalyticsRoutes } from "./analytics-routes";
import { registerControlRoutes } from "./control-routes";
import { registerFaults } from "./faults";
import { faultBody, type GraphFault, invalidToken, Refusal, unknownPath } from "./graph-errors";
import { registerManagementLimit } from "./management-calls";
import { registerMediaRoutes } from "./media-routes";
import { registerNodeRoutes } from "./node-routes";
import { registerNumberRoutes } from "./number-routes";
import { registerPhonesRoutes } from "./phones/routes";
import { registerQrRoutes } from "./qr-routes";
import type { SandboxParts } from "./sandbox-parts";
import { registerSendRoutes } from "./send-route";
import { registerTemplateControlRoutes } from "./template-control-routes";
import { registerTemplateRoutes } from "./template-routes";

/** A path without a version is served by the app's default one. */
const DEFAULT_VERSION = "v25.0";

/** The Graph API of one account, and what only rehearsals call under `/sandbox/`. */
export function buildServer(parts: SandboxParts): FastifyInstance {
  const server = Fastify({
    forceCloseConnections: true,
    // Of a parameter that stands twice the last counts.
    routerOptions: { maxParamLength: 300, querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)) },
    // An address that cannot be read, before any route; its types know no route either.
    frameworkErrors: (_error, _request, reply) => refuse(reply as FastifyReply, unknownPath),
    rewriteUrl: ({ url = "/" }) => (/^\/(\d+|upload:)/.test(url) ? `/${DEFAULT_VERSION}${url}` : url),
  });
  acceptBodies(server);
  checkAccess(server, parts);
  server.setNotFoundHandler((_request, reply) => refuse(reply, unknownPath));
  server.setErrorHandler((error, _request, reply) => {
    return refuse(reply, error instanceof Refusal ? error.fault : unexpected(error));
  });
  registerFaults(server, parts.faults); // Before the routes: hooks hold for what is registered after them.
  registerManagementLimit(server, parts);
  registerSendRoutes(server, parts);
  registerMediaRoutes(server, parts);
  registerTemplateRoutes(server, parts);
  registerAnalyticsRoutes(server, parts);
  registerAccountRoutes(server, parts);
  registerNumberRoutes(server, parts);
  registerQrRoutes(server, parts);
  registerNodeRoutes(server, parts);
  registerControlRoutes(server, parts);
  registerTemplateControlRoutes(server, parts);
  registerPhonesRoutes(server, parts);
  return server;
}

function refuse(reply: FastifyReply, fault: GraphFault) {
  return reply.code(fault.status).send(faultBody(fault));
}

/** JSON, forms and raw bytes; clients name the type of a body even where they send none, as with DELETE. */
function acceptBodies(server: FastifyInstance) {
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, undefined);
    const body = parseJson(text.toString());
    return body === undefined ? done(new Refusal(malformed)) : done(null, body);
  });
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
    const pairs = [...new URLSearchParams(text.toString())];
    // Graph takes objects and lists as JSON in a form's field.
    done(null, Object.fromEntries(pairs.map(([key, value]) => [key, /^[[{]/.test(value) ? parseJson(value) : value])));
  });
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));
}

const malformed: GraphFault = { status: 400, code: 100, message: "(#100) Invalid parameter" };

function checkAccess(server: FastifyInstance, { account }: SandboxParts) {
  const allowed = new Set([`Bearer ${account.token}`, `OAuth ${account.token}`]);
  server.addHook("onRequest", async (request, reply) => {
    if (isOpenPage(request)) return;
    if (allowed.has(request.headers.authorization ?? "") || hasTokenInQuery(request, account.token)) return;
    if (isAppItself(request, account)) return;
    return refuse(reply, invalidToken);
  });
  server.addHook("preValidation", async (request, reply) => {
    const { version } = (request.params ?? {}) as { version?: string }; // Our own routes name it so.
    if (version === undefined || /^v\d+\.\d+$/.test(version)) return;
    return refuse(reply, unknownPath);
  });
}

/** An app may read itself, and nothing else here, with its id and secret as the token. */
function isAppItself({ method, params, headers }: FastifyRequest, { appId, appSecret }: SandboxParts["account"]) {
  const { id } = (params ?? {}) as { id?: string }; // Our own routes name it so.
  return method === "GET" && id === appId && headers.authorization === `Bearer ${appId}|${appSecret}`;
}

/** Pages for people, which carry no token: they are served to this machine only. */
function isOpenPage(request: FastifyRequest): boolean {
  const { config } = request.routeOptions;
  return "isOpenPage" in config && config.isOpenPage === true;
}

function hasTokenInQuery({ method, query }: FastifyRequest, token: string): boolean {
  if (method !== "GET" || typeof query !== "object" || query === null) return false;
  return "access_token" in query && query.access_token === token;
}

function unexpected(error: unknown): GraphFault {
  const isTheirs = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
  return isTheirs ? malformed : { status: 500, code: 1, message: "An unknown error occurred" };
}
