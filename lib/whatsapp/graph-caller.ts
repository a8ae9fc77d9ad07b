import type * as z from "zod";
import { type CloudApiSettings, metaDefaults } from "./cloud-api";
import { classifyError } from "./error-codes";
import { createExchanger, defaultTimeouts, type Exchange, type HttpRequest } from "./exchange";
import { type GraphError, page, parseGraphError, parseJson } from "./graph";

/** What a management call came to. `unavailable`: no readable answer; every such call may be repeated. */
export type GraphResult<Value> =
  | { kind: "ok"; value: Value }
  | ({ kind: "refused"; retryAfterMs?: number } & GraphError)
  | { kind: "unavailable"; reason: string };

export interface GraphRequest {
  method: HttpRequest["method"];
  /** From the id on, without the version: `/800000000000001/media`. */
  path: string;
  /** Values that are undefined are left out; lists go as JSON. */
  query?: Record<string, string | number | boolean | readonly (string | number)[] | undefined>;
  /** Sent as JSON. */
  body?: unknown;
}

const MAX_PAGES = 200;
const STALE_CURSOR = 131059;

export type GraphCaller = ReturnType<typeof createGraphCaller>;

/** Calls of one access token: a pool of connections for each host, one exchange a call, nothing repeated. */
export function createGraphCaller({
  baseUrl = metaDefaults.baseUrl,
  apiVersion = metaDefaults.apiVersion,
  token,
  connections = 64,
  timeouts,
}: CloudApiSettings) {
  const base = new URL(baseUrl);
  const prefix = `${base.pathname.replace(/\/$/, "")}/${apiVersion}`;
  const authorization = { authorization: `Bearer ${token}` };
  const exchangers = new Map<string, ReturnType<typeof createExchanger>>();

  function exchangerOf(origin: string) {
    const known = exchangers.get(origin);
    if (known) return known;
    const created = createExchanger(origin, { connections, timeouts: { ...defaultTimeouts, ...timeouts } });
    exchangers.set(origin, created);
    return created;
  }

  /** One exchange with the API; headers win over the bearer token. */
  function exchange({ path, headers, ...request }: HttpRequest): Promise<Exchange> {
    const target = { ...request, path: prefix + path, headers: { ...authorization, ...headers } };
    return exchangerOf(base.origin).exchange(target);
  }

  async function call<Value>(request: GraphRequest, shape: z.ZodType<Value>): Promise<GraphResult<Value>> {
    const { method, path, query, body } = request;
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = json === undefined ? {} : { "content-type": "application/json" };
    return readResult(await exchange({ method, path: path + queryOf(query), headers, body: json }), shape);
  }

  return {
    exchange,
    call,
    /** The header that resumable uploads want in place of the bearer's. */
    oauth: `OAuth ${token}`,

    /** A GET with the token at another host, as files need; never to a host that is not encrypted, but on this machine. */
    async fetchFrom(url: URL, options: Pick<HttpRequest, "patience" | "maxAnswerBytes">): Promise<Exchange> {
      const isSafe = url.protocol === "https:" || url.origin === base.origin;
      if (!isSafe) return { kind: "unsent", reason: "address_not_safe" };
      const path = url.pathname + url.search;
      return exchangerOf(url.origin).exchange({ method: "GET", path, headers: authorization, ...options });
    },

    /** All items of a list, page by page; a stale cursor (131059) restarts once from the first page. */
    async callPages<Item>(
      path: string,
      query: GraphRequest["query"],
      item: z.ZodType<Item>,
    ): Promise<GraphResult<Item[]>> {
      const shape = page(item);
      let found: Item[] = [];
      let after: string | undefined;
      let hasRestarted = false;
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const result = await call({ method: "GET", path, query: { ...query, after } }, shape);
        if (result.kind === "refused" && result.code === STALE_CURSOR && !hasRestarted) {
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

    async close() {
      await Promise.all([...exchangers.values()].map((one) => one.close()));
    },
  };
}

/** Reads the answer to a management call. */
export function readResult<Value>(exchange: Exchange, shape: z.ZodType<Value>): GraphResult<Value> {
  if (exchange.kind !== "answer") return { kind: "unavailable", reason: exchange.reason };
  const { status } = exchange;
  const text = exchange.body.toString("utf8");
  if (status >= 200 && status < 300) {
    const parsed = shape.safeParse(parseJson(text));
    return parsed.success ? { kind: "ok", value: parsed.data } : { kind: "unavailable", reason: "unreadable_answer" };
  }
  const error = parseGraphError(text);
  if (!error) return { kind: "unavailable", reason: `http_${status}` };
  const verdict = classifyError({ status: 400, ...error });
  return { kind: "refused", ...error, ...(verdict.kind === "retry" && { retryAfterMs: verdict.afterMs }) };
}

function queryOf(query: GraphRequest["query"] = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [`${key}=${encodeURIComponent(Array.isArray(value) ? JSON.stringify(value) : String(value))}`],
  );
  return given.length > 0 ? `?${given.join("&")}` : "";
}
