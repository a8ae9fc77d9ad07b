import type { Role } from "@/lib/identity/actor";
import type { SignInStep } from "@/lib/identity/second-factor";

/** Header in which proxy.ts tells server components which address was asked for. */
export const PATH_HEADER = "x-path";

const LONGEST = 512;
const HERE = "http://local.invalid";

/**
 * A path of this console to go back to after signing in, or undefined. Whatever a browser could read as another host
 * (`//host`, `/\host`, a scheme, control characters) is refused, and so are the pages one comes from when signed out.
 */
export function localPath(text: string | null | undefined): string | undefined {
  if (!text || text.length > LONGEST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes("\\"))
    return undefined;
  if (!URL.canParse(text, HERE)) return undefined;
  const url = new URL(text, HERE);
  if (url.origin !== HERE || url.pathname.startsWith("//")) return undefined;
  if (/^\/(sign-in|accept|api)(\/|$)/.test(url.pathname)) return undefined;
  return `${url.pathname}${url.search}`;
}

/** Where somebody who may not stay here signs in, and what brings them back. */
export function signInPath(from: string | null | undefined): string {
  const back = localPath(from);
  return back && back !== "/" ? `/sign-in?${new URLSearchParams({ from: back })}` : "/sign-in";
}

/** Where the sign-in goes on after the password, and what brings them back afterwards. */
export function stepPath(step: Exclude<SignInStep, "in">, from: string | null | undefined): string {
  const back = localPath(from);
  return back && back !== "/" ? `/sign-in/${step}?${new URLSearchParams({ from: back })}` : `/sign-in/${step}`;
}

/** The page a person starts on, by role. */
export function landingPath(roles: readonly Role[]): string {
  if (roles.includes("owner") || roles.includes("admin")) return "/";
  if (roles.includes("marketer") || roles.includes("approver")) return "/campaigns";
  return roles.includes("compliance") ? "/compliance" : "/roi";
}
