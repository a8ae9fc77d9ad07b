import type * as z from "zod";
import { classifyError, type RetryScope } from "./error-codes";
import { createExchanger, defaultTimeouts, type Exchange, type HttpRequest, type Timeouts } from "./exchange";
import {
  createdTemplate,
  type GraphError,
  parseGraphError,
  parseJson,
  parseSendAnswer,
  phoneNumber,
  phoneNumberPage,
  subscribedApps,
  success,
  type Template,
  template,
  templatePage,
} from "./graph";
import type { MessageRequest } from "./requests";

/**
 * What a send came to. Exactly one of:
 * - `accepted`: Meta took it and will report statuses; `held`: parked by Meta's template pacing or a paused template
 * - `retry`: certainly not sent; may be sent again after `afterMs` (grow it on each repetition), within `scope`
 * - `rejected`: certainly not sent, and the same request never will be
 * - `ambiguous`: may have been sent; must not be repeated, a status webhook settles it
 * - `unsent`: not one byte left, so it may be sent again
 */
export type SendOutcome =
  | { kind: "accepted"; wamid: string; waId?: string; userId?: string }
  | { kind: "held"; wamid: string; waId?: string; userId?: string }
  | { kind: "retry"; afterMs: number; scope: RetryScope; code: number }
  | { kind: "rejected"; code: number; detail: string }
  | { kind: "ambiguous"; reason: string }
  | { kind: "unsent"; reason: string };

/** What a management call came to. `unavailable`: no readable answer; every such call may be repeated. */
export type GraphResult<Value> =
  | { kind: "ok"; value: Value }
  | ({ kind: "refused"; retryAfterMs?: number } & GraphError)
  | { kind: "unavailable"; reason: string };

export interface CloudApiSettings {
  /** `https://graph.facebook.com`, or the address of a sandbox. */
  baseUrl: string;
  /** Such as `v25.0`. */
  apiVersion: string;
  token: string;
  connections?: number;
  timeouts?: Partial<Timeouts>;
}

export interface TemplateDraft {
  name: string;
  language: string;
  category: string;
  parameter_format?: "NAMED" | "POSITIONAL";
  components: unknown[];
}

const HTTP_TOO_MANY_REQUESTS = 429;
const MAX_TEMPLATE_PAGES = 200;
const TEMPLATE_FIELDS =
  "id,name,language,status,category,parameter_format,components,quality_score,rejected_reason,sub_category";
const PHONE_NUMBER_FIELDS =
  "display_phone_number,verified_name,quality_rating,status,throughput,whatsapp_business_manager_messaging_limit,name_status,platform_type";

export type CloudApi = ReturnType<typeof createCloudApi>;

/** A client of the Cloud API for one access token. Nothing is retried here: the caller knows what it may repeat. */
export function createCloudApi(settings: CloudApiSettings) {
  const base = new URL(settings.baseUrl);
  const prefix = `${base.pathname.replace(/\/$/, "")}/${settings.apiVersion}`;
  const authorization = { authorization: `Bearer ${settings.token}` };
  const jsonHeaders = { ...authorization, "content-type": "application/json" };
  const exchanger = createExchanger(base.origin, {
    connections: settings.connections ?? 64,
    timeouts: { ...defaultTimeouts, ...settings.timeouts },
  });

  async function call<Value>(
    request: { method: HttpRequest["method"]; path: string; body?: unknown },
    shape: z.ZodType<Value>,
  ): Promise<GraphResult<Value>> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = body === undefined ? authorization : jsonHeaders;
    const path = `${prefix}${request.path}`;
    return readResult(await exchanger.exchange({ method: request.method, path, headers, body }), shape);
  }

  return {
    /**
     * Sends one message. `mayStart` is asked when a connection is free, right before the request is written: answer
     * false when the attempt's time to start has passed or sending was stopped, and nothing leaves.
     */
    async sendMessage(
      phoneNumberId: string,
      request: MessageRequest,
      options: { mayStart?: () => boolean } = {},
    ): Promise<SendOutcome> {
      const { mayStart } = options;
      const path = `${prefix}/${phoneNumberId}/messages`;
      const body = JSON.stringify(request);
      return readSendOutcome(await exchanger.exchange({ method: "POST", path, headers: jsonHeaders, body, mayStart }));
    },

    createTemplate: (wabaId: string, draft: TemplateDraft) =>
      call({ method: "POST", path: `/${wabaId}/message_templates`, body: draft }, createdTemplate),

    /** All templates of the account, page by page; a stale cursor (131059) restarts once from the first page. */
    async listTemplates(wabaId: string, pageSize = 100): Promise<GraphResult<Template[]>> {
      const first = `/${wabaId}/message_templates?fields=${TEMPLATE_FIELDS}&limit=${pageSize}`;
      let found: Template[] = [];
      let after: string | undefined;
      let hasRestarted = false;
      for (let page = 0; page < MAX_TEMPLATE_PAGES; page++) {
        const cursor = after === undefined ? "" : `&after=${encodeURIComponent(after)}`;
        const result = await call({ method: "GET", path: first + cursor }, templatePage);
        if (result.kind === "refused" && result.code === 131059 && !hasRestarted) {
          hasRestarted = true;
          found = [];
          after = undefined;
          continue;
        }
        if (result.kind !== "ok") return result;
        found.push(...result.value.data);
        after = result.value.paging?.cursors?.after;
        if (result.value.paging?.next === undefined || after === undefined) return { kind: "ok", value: found };
      }
      return { kind: "unavailable", reason: "too_many_pages" };
    },

    getTemplate: (templateId: string) =>
      call({ method: "GET", path: `/${templateId}?fields=${TEMPLATE_FIELDS}` }, template),

    /** Deletes one language when `templateId` is given, else all languages of the name. */
    deleteTemplate(wabaId: string, name: string, templateId?: string) {
      const one = templateId === undefined ? "" : `&hsm_id=${encodeURIComponent(templateId)}`;
      const path = `/${wabaId}/message_templates?name=${encodeURIComponent(name)}${one}`;
      return call({ method: "DELETE", path }, success);
    },

    /** The cheapest real read: proves token and number id. */
    getPhoneNumber: (phoneNumberId: string) =>
      call({ method: "GET", path: `/${phoneNumberId}?fields=${PHONE_NUMBER_FIELDS}` }, phoneNumber),

    /** The numbers of an account, its first page: proves which account a number belongs to. */
    listPhoneNumbers: (wabaId: string) =>
      call({ method: "GET", path: `/${wabaId}/phone_numbers?fields=id,display_phone_number` }, phoneNumberPage),

    /** The apps that get the account's webhooks. */
    listSubscribedApps: (wabaId: string) => call({ method: "GET", path: `/${wabaId}/subscribed_apps` }, subscribedApps),

    /**
     * Without this no webhook of the account reaches the app. With `callback`, Meta checks that address at once
     * (`hub.challenge`) and sends this account's webhooks there instead of to the app's own address.
     */
    subscribeApp: (wabaId: string, callback?: { url: string; verifyToken: string }) =>
      call(
        {
          method: "POST",
          path: `/${wabaId}/subscribed_apps`,
          body: callback && { override_callback_uri: callback.url, verify_token: callback.verifyToken },
        },
        success,
      ),

    close: () => exchanger.close(),
  };
}

function readSendOutcome(exchange: Exchange): SendOutcome {
  if (exchange.kind !== "answer") return exchange;
  const { status, text } = exchange;
  if (status >= 200 && status < 300) {
    const answer = parseSendAnswer(text);
    if (!answer) return { kind: "ambiguous", reason: "unreadable_answer" };
    const { wamid, waId, userId, messageStatus = "accepted" } = answer;
    // `held_for_quality_assessment`, `paused` and whatever may follow: taken, but not on its way.
    return { kind: messageStatus === "accepted" ? "accepted" : "held", wamid, waId, userId };
  }
  const error = parseGraphError(text);
  if (error && status >= 400) return classifyError({ status, ...error });
  if (status === HTTP_TOO_MANY_REQUESTS) return { kind: "retry", afterMs: 1_000, scope: "number", code: status };
  return { kind: "ambiguous", reason: `http_${status}` };
}

function readResult<Value>(exchange: Exchange, shape: z.ZodType<Value>): GraphResult<Value> {
  if (exchange.kind !== "answer") return { kind: "unavailable", reason: exchange.reason };
  const { status, text } = exchange;
  if (status >= 200 && status < 300) {
    const parsed = shape.safeParse(parseJson(text));
    return parsed.success ? { kind: "ok", value: parsed.data } : { kind: "unavailable", reason: "unreadable_answer" };
  }
  const error = parseGraphError(text);
  if (!error) return { kind: "unavailable", reason: `http_${status}` };
  const verdict = classifyError({ status: 400, ...error });
  return { kind: "refused", ...error, ...(verdict.kind === "retry" && { retryAfterMs: verdict.afterMs }) };
}
