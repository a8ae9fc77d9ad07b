import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { isAppError } from "@/lib/foundation/errors";
import { type IdPrefix, parsePublicId } from "@/lib/foundation/ids";
import { confirmPath, PATH_HEADER } from "./return-path";

/** What a page asked for by its address, or the page 404; what wants a recent code asks for it first and comes back. */
export async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") notFound();
    if (isAppError(error) && error.code === "factor_required")
      redirect(confirmPath((await headers()).get(PATH_HEADER)));
    throw error;
  }
}

/** The id in an address (`imp_…`), or the page 404. */
export function idInPath(prefix: IdPrefix, text: string): string {
  return parsePublicId(prefix, text) ?? notFound();
}
