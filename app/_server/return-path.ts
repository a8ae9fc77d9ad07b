import type { Role } from "@/lib/identity/actor";
import type { SignInStep } from "@/lib/identity/second-factor";

/** Header in which proxy.ts tells server components which address was asked for. */
export const PATH_HEADER = "x-path";

const LONGEST = 512;
const HERE = "http://local.invalid";

/**
 * A path of this console to go back to after signing in, or undefined: a page, and none of those one comes from when signed
 * out.
 */
export function localPath(text: string | null | undefined): string | undefined {
  const path = ownPath(text);
  return path && /^\/(sign-in|accept|api)([/?]|$)/.test(path) ? undefined : path;
}

/** A path of this console. Whatever a browser could read as another host (`//host`, `/\host`, a scheme, control characters) is none. */
export function ownPath(text: string | null | undefined): string | undefined {
  if (!text || text.length > LONGEST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes("\\"))
    return undefined;
  if (!URL.canParse(text, HERE)) return undefined;
  const url = new URL(text, HERE);
  if (url.origin !== HERE || url.pathname.startsWith("//")) return undefined;
  return `${url.pathname}${url.search}`;
}

/** Where a page or a download that wants a recent code asks for it, and what brings them back. */
export function confirmPath(next: string | null | undefined): string {
  return `/confirm?${new URLSearchParams({ next: ownPath(next) ?? "/" })}`;
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
