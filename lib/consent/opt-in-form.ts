import * as z from "zod";
import { readOptOut } from "./opt-out-detector";

/** What ends the address of a form. */
export const formSlug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,58})[a-z0-9]$/);

/** Where a form is shown, as it stands in the address: `tienda-goya`, `cmp-enero`. */
export const formTag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

/** What came with an answer, to be kept as proof. Sealed under the person's key. */
export interface VisitEvidence {
  address: string | null;
  userAgent: string | null;
  /** The page that the answer was sent from. */
  url: string;
}

/** Kept lengths: a browser may send what it likes. */
const MOST_CHARACTERS = 500;

/** As evidence keeps it. */
export function visitEvidence({ address, userAgent, url }: VisitEvidence) {
  return {
    ip: address?.slice(0, MOST_CHARACTERS) ?? null,
    userAgent: userAgent?.slice(0, MOST_CHARACTERS) ?? null,
    formUrl: url.slice(0, MOST_CHARACTERS),
  };
}

/** Whether people may write this word to agree: one or a few words that nobody would write to refuse. */
export function mayBeKeyword(keyword: string): boolean {
  return keyword !== "" && keyword.length <= 40 && readOptOut(keyword) === "none";
}
