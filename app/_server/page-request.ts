import { type AppError, isAppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import { currentPerson } from "./context";
import { problem } from "./problem";
import { confirmPath } from "./return-path";

/**
 * A route that only the console's own pages call, with the session's cookie: uploads, downloads, questions whose text is
 * too long or too personal for an address. `/api/v1` is for everybody else. Whoever sends a body must come from a page of
 * ours; refusals come back as problem details.
 */
export async function pageRequest(request: Request, run: (ctx: Context) => Promise<Response>): Promise<Response> {
  if (request.method !== "GET" && !isFromOurPage(request)) return problem({ code: "forbidden" });
  try {
    const person = await currentPerson();
    return person ? await run(person.ctx) : problem({ code: "session_expired" });
  } catch (error) {
    if (isAppError(error)) return isAskedForCode(request, error) ? askForCode(request) : problem(error);
    throw error;
  }
}

/** A link to a download was followed: a person waits, and not a script that reads problem details. */
function isAskedForCode({ method, headers }: Request, { code }: AppError): boolean {
  return code === "factor_required" && method === "GET" && headers.get("sec-fetch-mode") === "navigate";
}

function askForCode(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  return new Response(null, { status: 303, headers: { Location: confirmPath(`${pathname}${search}`) } });
}

/** Browsers say where a request comes from, and pages cannot say it for them; an old one names at least the origin. */
function isFromOurPage({ headers }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get("host");
}
