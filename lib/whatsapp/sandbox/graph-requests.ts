import type { FastifyRequest } from "fastify";
import { type GraphFault, Refusal, unknownObject } from "./graph-errors";

export type ById = { Params: { id: string }; Querystring: Record<string, string | undefined> };

/** Refuses an id that is not the one that this edge hangs on. */
export function requireId(request: FastifyRequest, expected: string) {
  const { id } = request.params as { id: string }; // Routes of this folder name it so.
  if (id !== expected) throw new Refusal(unknownObject(id, request.method));
}

/** The value, unless it is a fault, which is thrown. */
export function orRefuse<Value extends object | string>(result: Value | GraphFault): Value {
  if (typeof result === "object" && "code" in result && "status" in result && "message" in result) {
    throw new Refusal(result as GraphFault); // Nothing else has these three.
  }
  return result as Value;
}

/** Parameters of a call: Graph takes them in the query and in the body. */
export function parametersOf(request: FastifyRequest): Record<string, unknown> {
  const body = typeof request.body === "object" && !Buffer.isBuffer(request.body) ? request.body : undefined;
  return { ...(request.query as Record<string, unknown>), ...body }; // Fastify parses queries to an object.
}
