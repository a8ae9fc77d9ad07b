import * as z from "zod";

const MOST_PER_PAGE = 200;

/** The query of a page of a list: `?cursor=…&limit=…`. */
export const PageInput = z.object({
  cursor: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(50),
});

/** A page of a list as it leaves; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** Where the next page begins: the keys of the last row, opaque to the client. */
export function writeCursor(keys: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(keys)).toString("base64url");
}

/** The keys in a cursor; undefined when it is not one of ours for this list. */
export function readCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
