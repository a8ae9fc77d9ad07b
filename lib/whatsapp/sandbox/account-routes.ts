import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { fault, type GraphFault, invalidParameter, Refusal } from "./graph-errors";
import { type ById, orRefuse, parametersOf, requireId } from "./graph-requests";
import { numberNode } from "./number-routes";
import { pageOf, pageQuery, pick } from "./paging";
import type { SandboxParts } from "./sandbox-parts";

const callbackShape = z.object({ override_callback_uri: z.url(), verify_token: z.string() });
const callbackFailed: GraphFault = {
  status: 400,
  code: 2200,
  message: "(#2200) Callback verification failed: the address did not answer 200 with the challenge.",
};
const DEFAULT_NUMBER_FIELDS =
  "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,status,id";

/** The business account: its numbers and who is told of its webhooks. */
export function registerAccountRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account } = parts;

  server.get<ById>("/:version/:id/phone_numbers", async (request) => {
    requireId(request, account.wabaId);
    const query = pageQuery.parse(request.query);
    const numbers = [pick(numberNode(parts), query.fields ?? DEFAULT_NUMBER_FIELDS)];
    return orRefuse(pageOf(numbers, query, request));
  });

  server.get<ById>("/:version/:id/subscribed_apps", async (request) => {
    requireId(request, account.wabaId);
    const app = { id: account.appId, link: "https://apps.example.test/", name: "Contraste sandbox" };
    const { callbackUrl } = parts.accountState;
    const subscribed = { whatsapp_business_api_data: app, ...(callbackUrl && { override_callback_uri: callbackUrl }) };
    return { data: parts.subscription.isOn ? [subscribed] : [] };
  });

  server.post<ById>("/:version/:id/subscribed_apps", async (request) => {
    requireId(request, account.wabaId);
    const parameters = parametersOf(request);
    if ("override_callback_uri" in parameters) await redirectWebhooks(parameters, parts);
    parts.subscription.isOn = true;
    parts.save();
    return { success: true };
  });

  server.delete<ById>("/:version/:id/subscribed_apps", async (request) => {
    requireId(request, account.wabaId);
    parts.subscription.isOn = false;
    parts.accountState.callbackUrl = undefined;
    parts.save();
    return { success: true };
  });
}

/** Meta asks the address at once, and sends the account's webhooks there from then on. */
async function redirectWebhooks(parameters: Record<string, unknown>, parts: SandboxParts) {
  const callback = callbackShape.safeParse(parameters);
  if (!callback.success) throw new Refusal(fault(100, "override_callback_uri or verify_token is not valid."));
  const { override_callback_uri: url, verify_token: verifyToken } = callback.data;
  if (!(await parts.deliveries.confirms(url, verifyToken))) throw new Refusal(callbackFailed);
  parts.engine.world = { ...parts.engine.world, webhook: { ...parts.engine.world.webhook, url } };
  parts.accountState.callbackUrl = url;
}

/** The account as `GET /{waba-id}` shows it. */
export function wabaNode({ account, accountState, engine }: SandboxParts) {
  const { isOnboarded } = engine.world.api.marketingMessages;
  return {
    id: account.wabaId,
    name: "Contraste sandbox",
    timezone_id: "1",
    currency: engine.world.purchases.currency,
    country: "ES",
    message_template_namespace: "5a17d8f0_5a17_4bd1_9f0e_000000000001",
    account_review_status: "APPROVED",
    business_verification_status: "verified",
    ownership_type: "SELF_OWNED",
    is_enabled_for_insights: accountState.hasInsights,
    disable_marketing_messages_on_cloud_api: accountState.isMarketingOffOnCloudApi,
    marketing_messages_lite_api_status: isOnboarded ? "ONBOARDED" : "ELIGIBLE",
    marketing_messages_onboarding_status: isOnboarded ? "ONBOARDED" : "ELIGIBLE",
  };
}

/** `POST /{waba-id}`: template insights and the way of marketing messages. */
export function changeWaba(request: FastifyRequest<ById>, parts: SandboxParts) {
  const { is_enabled_for_insights: insights, disable_marketing_messages_on_cloud_api: isOff } = parametersOf(request);
  const state = parts.accountState;
  if (insights !== undefined) {
    if (String(insights) !== "true") throw new Refusal(fault(200006));
    state.hasInsights = true;
  }
  if (isOff !== undefined) state.isMarketingOffOnCloudApi = String(isOff) === "true";
  if (insights === undefined && isOff === undefined) throw new Refusal(invalidParameter("No known field was given."));
  parts.save();
  return insights === undefined ? { success: true } : { id: parts.account.wabaId };
}
