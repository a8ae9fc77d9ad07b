import { createHash } from "node:crypto";
import type * as z from "zod";
import { isAppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import { findApiKeyByToken } from "@/lib/identity/queries/find-api-key-by-token";
import { currentPerson } from "./context";
import { invalidInput, problem } from "./problem";
import { contextFor, deskContext } from "./runtime";

const LARGEST_BODY_BYTES = 1024 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export interface Endpoint<I extends z.ZodType, O extends z.ZodType> {
  /** Parses path parameters, query and JSON body together; a path parameter wins over a body's key of that name. */
  input: I;
  /** What leaves: keys that it does not name are dropped. */
  output: O;
  run(ctx: Context, input: z.output<I>, request: { idempotencyKey: string | null }): Promise<z.input<O>>;
  /** Status of a success. Default 200. */
  status?: number;
}

type Route = { params: Promise<Record<string, string | string[] | undefined>> };

/**
 * A route of `/api/v1`: bearer key or session cookie → the same command or query as the pages → JSON or problem+json.
 * A cookie may only read: browsers send it along without asking, so writing takes a key. Reads answer 304 to an
 * `If-None-Match` that still holds.
 */
export function endpoint<I extends z.ZodType, O extends z.ZodType>({
  input,
  output,
  run,
  status = 200,
}: Endpoint<I, O>) {
  return async (request: Request, route: Route): Promise<Response> => {
    const idempotencyKey = request.headers.get("idempotency-key");
    if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
      return problem({ code: "invalid_input", params: { header: "Idempotency-Key" } });
    }
    try {
      const ctx = await contextOf(request);
      if (!ctx) return problem({ code: "unauthenticated" });
      const values = await valuesOf(request, await route.params);
      if (values instanceof Response) return values;
      const parsed = input.safeParse(values);
      if (!parsed.success) return invalidInput(parsed.error);
      const result = output.parse(await run(ctx, parsed.data, { idempotencyKey }));
      return isRead(request) ? readable(request, result, status) : json(result, status);
    } catch (error) {
      if (isAppError(error)) return problem(error);
      throw error;
    }
  };
}

async function contextOf(request: Request): Promise<Context | undefined> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1];
    const actor = token && (await findApiKeyByToken(await deskContext(), { token }));
    return actor ? contextFor(actor) : undefined;
  }
  return isRead(request) ? (await currentPerson())?.ctx : undefined;
}

async function valuesOf(request: Request, params: Awaited<Route["params"]>): Promise<object | Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (isRead(request)) return { ...query, ...params };
  const body = await request.arrayBuffer();
  if (body.byteLength > LARGEST_BODY_BYTES)
    return problem({ code: "too_large", params: { bytes: LARGEST_BODY_BYTES } });
  try {
    const value: unknown =
      body.byteLength === 0 ? {} : JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...query, ...value, ...params };
  } catch {
    // answered below, like JSON that is no object
  }
  return problem({ code: "payload_unreadable" });
}

function isRead(request: Request): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

function readable(request: Request, result: unknown, status: number): Response {
  const body = JSON.stringify(result);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  const headers = { ETag: etag, "Cache-Control": "private, no-cache", Vary: "Authorization, Cookie" };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { status, headers: { ...headers, "Content-Type": "application/json" } });
}

function json(result: unknown, status: number): Response {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return new Response(JSON.stringify(result ?? null), { status, headers });
}
