import type { Origin } from "@/lib/identity/commands/sign-in";

/** The nearest proxy appends the address it saw: of a list, only the last one is not the client's own claim. */
export function originOf(requestHeaders: Headers): Origin {
  const address = requestHeaders.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return { address: address || null, userAgent: requestHeaders.get("user-agent") };
}
