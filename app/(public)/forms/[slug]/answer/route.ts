import { originOf } from "@/app/_server/origin";
import { fieldLanguage, plainAnswer, publicFields, seeOther } from "@/app/_server/public-post";
import { consoleRuntime, deskContext, publicPagesUrl } from "@/app/_server/runtime";
import { answerOptInForm, type OptInOutcome } from "@/lib/consent/commands/answer-opt-in-form";
import { isAppError } from "@/lib/foundation/errors";
import { isUuid } from "@/lib/foundation/ids";
import { translator } from "@/lib/i18n/translator";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";
import type { Context } from "@/lib/identity/context";
import { sealTyped, TYPED_COOKIE, TYPED_SECONDS } from "../typed-number";

type Route = { params: Promise<{ slug: string }> };

/** A shop's wireless network is one address: so many answers at once, and as many again in an hour. */
const ANSWERS = { what: "form", burst: 30, perHour: 60 } as const;

/** What somebody answered on a form. Whatever happens, the address of the next page says nothing about them. */
export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { slug } = await params;
  const page = `/forms/${encodeURIComponent(slug)}`;
  const fields = await publicFields(request);
  if (!fields) return plainAnswer(400, "Bad request");
  const lang = fieldLanguage(fields);
  const t = translator(lang, "public");
  const next = { lang, from: fields.from };
  if (fields.website) return seeOther(page, { ...next, done: "yes" }); // only a machine fills what nobody sees
  const ctx = await deskContext();
  try {
    const { address } = originOf(request.headers);
    await admitVisitor(ctx, { ...ANSWERS, address });
    const outcome = await answer(ctx, slug, { fields, request });
    if (outcome.kind === "recorded") return forgetTyped(seeOther(page, { ...next, done: "yes" }), page);
    const response = seeOther(page, { ...next, problem: outcome.problems.join(",") });
    return rememberTyped(response, page, sealTyped(ctx.secrets.linkKey, slug, fields.phone ?? ""));
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === "not_found") return seeOther(page, next);
    const wait = error.params.retryAfterSeconds;
    if (error.code !== "too_many_requests" || typeof wait !== "number") throw error;
    return plainAnswer(429, t("tooMany"), { "Retry-After": String(wait) });
  }
}

async function answer(
  ctx: Context,
  slug: string,
  { fields, request }: { fields: Record<string, string>; request: Request },
): Promise<OptInOutcome> {
  const pagesUrl = publicPagesUrl(await consoleRuntime());
  const { address, userAgent } = originOf(request.headers);
  const { submission = "", wording = "" } = fields;
  if (!isUuid(submission) || !isUuid(wording)) return { kind: "refused", problems: ["wording"] };
  const query = fields.from ? `?from=${encodeURIComponent(fields.from)}` : "";
  return answerOptInForm(ctx, {
    slug,
    tag: fields.from,
    language: fieldLanguage(fields),
    wordingVersionId: wording,
    phone: fields.phone ?? "",
    agreed: fields.agree === "yes",
    submission,
    visit: { address, userAgent, url: `${pagesUrl}/forms/${slug}${query}` },
  });
}

function rememberTyped(response: Response, path: string, sealed: string): Response {
  return withCookie(response, `${TYPED_COOKIE}=${sealed}; Path=${path}; Max-Age=${TYPED_SECONDS}`);
}

function forgetTyped(response: Response, path: string): Response {
  return withCookie(response, `${TYPED_COOKIE}=; Path=${path}; Max-Age=0`);
}

function withCookie(response: Response, cookie: string): Response {
  response.headers.append("Set-Cookie", `${cookie}; HttpOnly; SameSite=Lax`);
  return response;
}
