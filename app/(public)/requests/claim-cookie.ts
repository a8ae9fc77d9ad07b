import { secretHash } from "@/lib/rights/delivery";

const DAYS = 7;

/** One cookie a link, sent to nothing but its own pages. Its name tells nothing: the token would. */
export function claimCookieName(token: string): string {
  return `claim_${secretHash(token).toString("hex").slice(0, 16)}`;
}

export function claimCookie(token: string, claim: string, isSecure: boolean): string {
  const path = `/requests/${encodeURIComponent(token)}`;
  const age = DAYS * 24 * 60 * 60;
  return `${claimCookieName(token)}=${claim}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

/** What the browser brought back; undefined: nothing, or another browser. */
export function claimOf(token: string, cookies: string | null): string | undefined {
  const name = `${claimCookieName(token)}=`;
  const pair = (cookies ?? "").split(/;\s*/).find((one) => one.startsWith(name));
  return pair?.slice(name.length) || undefined;
}
