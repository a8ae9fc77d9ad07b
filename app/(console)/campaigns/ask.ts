import type * as z from "zod";

/** An answer of our own API that was not the one asked for; `status` is HTTP's. */
export class AskError extends Error {
  override readonly name = "AskError";

  constructor(readonly status: number) {
    super(`the API answered ${status}`);
  }
}

/** Reads from `/api/v1` with the session. The browser keeps the last answer and sends its ETag along. */
export async function ask<S extends z.ZodType>(
  path: string,
  schema: S,
  { signal }: { signal?: AbortSignal } = {},
): Promise<z.output<S>> {
  const response = await fetch(path, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new AskError(response.status);
  return schema.parse(await response.json());
}
