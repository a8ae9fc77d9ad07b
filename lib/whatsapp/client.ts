import { accountCalls } from "./client-account";
import { analyticsCalls } from "./client-analytics";
import { mediaCalls } from "./client-media";
import { templateCalls } from "./client-templates";
import type { CloudApiSettings } from "./cloud-api";
import { classifyError, type RetryScope } from "./error-codes";
import type { Exchange } from "./exchange";
import { parseGraphError, parseSendAnswer, success } from "./graph";
import { createGraphCaller } from "./graph-caller";
import type { SendEndpoint } from "./message-rules";
import { type MessageRequest, readRequest } from "./requests";

export type { GraphResult } from "./graph-caller";

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

const HTTP_TOO_MANY_REQUESTS = 429;

export type CloudApi = ReturnType<typeof createCloudApi>;

/** A client of the Cloud API for one access token. Nothing is retried here: the caller knows what it may repeat. */
export function createCloudApi(settings: CloudApiSettings) {
  const caller = createGraphCaller(settings);
  return {
    /**
     * Sends one message, over `/messages` or, for marketing templates, `/marketing_messages` (a setting of the number).
     * `mayStart` is asked when a connection is free, right before the request is written: answer false when the
     * attempt's time to start has passed or sending was stopped, and nothing leaves.
     */
    async sendMessage(
      phoneNumberId: string,
      request: MessageRequest,
      { endpoint = "messages", mayStart }: { endpoint?: SendEndpoint; mayStart?: () => boolean } = {},
    ): Promise<SendOutcome> {
      const path = `/${phoneNumberId}/${endpoint}`;
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(request);
      return readSendOutcome(await caller.exchange({ method: "POST", path, headers, body, mayStart }));
    },

    /** Marks a message as read, and shows the person that we write, where asked. May be repeated. */
    markRead: (phoneNumberId: string, wamid: string, options?: { isTyping?: boolean }) =>
      caller.call({ method: "POST", path: `/${phoneNumberId}/messages`, body: readRequest(wamid, options) }, success),

    ...templateCalls(caller),
    ...mediaCalls(caller),
    ...accountCalls(caller),
    ...analyticsCalls(caller),

    close: () => caller.close(),
  };
}

function readSendOutcome(exchange: Exchange): SendOutcome {
  if (exchange.kind !== "answer") return exchange;
  const { status } = exchange;
  const text = exchange.body.toString("utf8");
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
