import { type Fetched, type FetchRefusal, safeFetch } from "@/lib/foundation/safe-fetch";

/** What became of asking a landing page whether it is there. `not_asked`: a name that belongs to nobody, or this machine. */
export type LinkHealth =
  | { kind: "answers" }
  | { kind: "not_asked" }
  | { kind: "error"; status: number }
  | { kind: "silent"; reason: FetchRefusal };

export type FetchPage = (address: string, wish: { method: "GET" | "HEAD" }) => Promise<Fetched>;

/** Names that nobody can own (RFC 2606, RFC 6761), which examples and the sandbox's shop use. */
const NOBODYS = /(^|\.)(example|test|invalid|localhost|local|example\.(com|net|org))$/;

/**
 * Asks a landing page whether it answers. Only a hint: a page may answer us and not a person, or the other way round. Some
 * shops refuse `HEAD`; they are asked again as a browser would.
 */
export async function linkHealth(address: string, fetchPage: FetchPage = safeFetch): Promise<LinkHealth> {
  if (!URL.canParse(address)) return { kind: "not_asked" };
  const { hostname, protocol } = new URL(address);
  if (protocol !== "https:" || NOBODYS.test(hostname)) return { kind: "not_asked" };
  const short = judge(await fetchPage(address, { method: "HEAD" }));
  return short.kind === "error" ? judge(await fetchPage(address, { method: "GET" })) : short;
}

/** A page that leads on, or is larger than we read, is there. */
function judge(fetched: Fetched): LinkHealth {
  if (fetched.kind === "answered") {
    return fetched.status < 400 ? { kind: "answers" } : { kind: "error", status: fetched.status };
  }
  const { reason } = fetched;
  return reason === "redirected" || reason === "too_large" ? { kind: "answers" } : { kind: "silent", reason };
}
