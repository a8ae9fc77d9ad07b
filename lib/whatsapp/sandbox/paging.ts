import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { fault, type GraphFault } from "./graph-errors";

const MAX_PAGE = 1_000;
const USUAL_PAGE = 25;

export const pageQuery = z.looseObject({
  /** As it was given: a page of none, of less or of letters is refused with the rest (`pageOf`). */
  limit: z.string().optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  fields: z.string().optional(),
});
type PageQuery = z.infer<typeof pageQuery>;

/** A page of a list in Graph's shape; 100 when the limit is no number of items, 131059 when a cursor is none of ours or its place is gone. */
export function pageOf<Item extends object>(
  all: Item[],
  { limit: asked, after, before }: PageQuery,
  request: FastifyRequest,
): { data: Item[]; paging?: object } | GraphFault {
  const limit = limitOf(asked);
  if (limit === undefined) return fault(100, "Param limit must be a positive integer");
  const afterAt = after === undefined ? undefined : positionOf(after);
  const beforeAt = before === undefined ? undefined : positionOf(before);
  const isBroken = (after !== undefined && afterAt === undefined) || (before !== undefined && beforeAt === undefined);
  if (isBroken || (afterAt ?? 0) > all.length) return fault(131059);
  const end = afterAt === undefined && beforeAt !== undefined ? Math.min(beforeAt, all.length) : undefined;
  const start = end === undefined ? (afterAt ?? 0) : Math.max(0, end - limit);
  const data = all.slice(start, end ?? start + limit);
  if (data.length === 0) return { data };
  const stop = start + data.length;
  const cursors = { before: cursorAt(start), after: cursorAt(stop) };
  return {
    data,
    paging: {
      cursors,
      ...(stop < all.length && { next: pageUrl(request, "after", cursors.after) }),
      ...(start > 0 && { previous: pageUrl(request, "before", cursors.before) }),
    },
  };
}

/** More than a page can hold is a full page. */
function limitOf(asked: string | undefined): number | undefined {
  if (asked === undefined) return USUAL_PAGE;
  return /^0*[1-9]\d*$/.test(asked) ? Math.min(Number(asked), MAX_PAGE) : undefined;
}

function pageUrl(request: FastifyRequest, key: "after" | "before", cursor: string): string {
  const url = new URL(`${request.protocol}://${request.host}${request.url}`);
  for (const old of ["after", "before", "access_token"]) url.searchParams.delete(old);
  url.searchParams.set(key, cursor);
  return url.href;
}

/** Graph gives the fields that were asked for, and the id always. */
export function pick(whole: Record<string, unknown>, fields: string | undefined): Record<string, unknown> {
  if (fields === undefined) return whole;
  const wanted = new Set([...fieldNames(fields), "id"]);
  return Object.fromEntries(Object.entries(whole).filter(([key, value]) => wanted.has(key) && value !== undefined));
}

/** Names in a `fields` parameter; commas inside parentheses and braces belong to the field before them. */
export function fieldNames(fields: string): string[] {
  return (fields.match(/(?:[^,({]|\([^)]*\)|\{[^}]*\})+/g) ?? []).map((field) => field.trim());
}

function cursorAt(position: number): string {
  return Buffer.from(`at:${position}`).toString("base64url");
}

function positionOf(cursor: string): number | undefined {
  const match = /^at:(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  return match ? Number(match[1]) : undefined;
}
