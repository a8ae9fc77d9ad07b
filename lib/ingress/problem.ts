interface Reply {
  type: (type: string) => { send: (body: unknown) => unknown };
}

/** RFC 9457. */
export function problem(reply: Reply, status: number, code: string, detail?: unknown): unknown {
  return reply
    .type("application/problem+json")
    .send({ type: "about:blank", title: code, status, ...(detail !== undefined && { detail }) });
}
