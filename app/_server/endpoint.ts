import { createHash } from "node:crypto";
import type * as z from "zod";
import { isAppError } from "@/lib/foundation/errors";
import { admitProgram } from "@/lib/identity/commands/admit-program";
import { answerOnce } from "@/lib/identity/commands/answer-once";
import { actingAs, type Context } from "@/lib/identity/context";
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
 * `If-None-Match` that still holds. A POST names itself with `Idempotency-Key`: the same again gets the first answer again.
 */
export function endpoint<I extends z.ZodType, O extends z.ZodType>({
  input,
  output,
  run,
  status = 200,
}: Endpoint<I, O>) {
  return async (request: Request, route: Route): Promise<Response> => {
    const idempotencyKey = request.headers.get("idempotency-key");
    if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) return keyMissing();
    try {
      const ctx = await contextOf(request);
      if (!ctx) return problem({ code: "unauthenticated" });
      const { actor } = ctx;
      if (actor.kind === "api_key") await admitProgram(await deskContext(), actor);
      if (request.method === "POST" && idempotencyKey === null) return keyMissing();
      const body = await bodyOf(request);
      if (body instanceof Response) return body;
      const parsed = input.safeParse({ ...queryOf(request), ...body.values, ...(await route.params) });
      if (!parsed.success) return invalidInput(parsed.error);
      const answer = async (place: Context) => output.parse(await run(place, parsed.data, { idempotencyKey }));
      if (isRead(request)) return readable(request, await answer(ctx), status);
      if (actor.kind !== "api_key" || idempotencyKey === null) return json(JSON.stringify(await answer(ctx)), status);
      const named = { keyId: actor.keyId, idempotencyKey, requestHash: hashOf(request, body.bytes) };
      const once = await answerOnce(await deskContext(), named, async (tx) => ({
        status,
        body: JSON.stringify(await answer(actingAs(tx, actor))),
      }));
      return json(once.body, once.status, once.isRepeat);
    } catch (error) {
      if (isAppError(error)) return problem(error);
      throw error;
    }
  };
}

/** A write says which one it is, so that a program whose line broke can ask again without doing it twice. */
function keyMissing(): Response {
  return problem({ code: "invalid_input", params: { header: "Idempotency-Key" } });
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

function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}

/** The JSON object that was sent; an empty body is an empty object, and a read has none. */
async function bodyOf(request: Request): Promise<{ bytes: Buffer; values: object } | Response> {
  if (isRead(request)) return { bytes: Buffer.alloc(0), values: {} };
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > LARGEST_BODY_BYTES) return problem({ code: "too_large", params: { bytes: LARGEST_BODY_BYTES } });
  if (bytes.length === 0) return { bytes, values: {} };
  try {
    const values: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof values === "object" && values !== null && !Array.isArray(values)) return { bytes, values };
  } catch {
    // answered below, like JSON that is no object
  }
  return problem({ code: "payload_unreadable" });
}

function hashOf({ method, url }: Request, body: Buffer): Buffer {
  const { pathname, search } = new URL(url);
  return createHash("sha256").update(`${method}\0${pathname}${search}\0`).update(body).digest();
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

function json(body: string | undefined, status: number, isRepeat = false): Response {
  const headers = new Headers({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  if (isRepeat) headers.set("Idempotent-Replayed", "true");
  return new Response(body ?? "null", { status, headers });
}
