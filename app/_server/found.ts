import { notFound } from "next/navigation";
import { isAppError } from "@/lib/foundation/errors";
import { type IdPrefix, parsePublicId } from "@/lib/foundation/ids";

/** What a page asked for by its address, or the page 404. */
export async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") notFound();
    throw error;
  }
}

/** The id in an address (`imp_…`), or the page 404. */
export function idInPath(prefix: IdPrefix, text: string): string {
  return parsePublicId(prefix, text) ?? notFound();
}
