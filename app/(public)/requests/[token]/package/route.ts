import { currentInstallation } from "@/app/_server/context";
import { originOf } from "@/app/_server/origin";
import { plainAnswer, seeOther } from "@/app/_server/public-post";
import { deskContext } from "@/app/_server/runtime";
import { localeNamed } from "@/app/_server/visitor-language";
import { isAppError } from "@/lib/foundation/errors";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";
import { openDelivery } from "@/lib/rights/commands/deliver-package";
import { portablePart } from "@/lib/rights/package";
import { packageHtml } from "@/lib/rights/package-html";
import { claimOf } from "../../claim-cookie";

type Route = { params: Promise<{ token: string }> };

const VIEWS = { what: "requests.package", burst: 20, perHour: 60 } as const;
const PRIVATE = {
  "Cache-Control": "no-store",
  "X-Robots-Tag": "noindex, nofollow",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** The package itself, as a page to read, the same page as a file, or JSON. Only for the browser that opened the link first. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  const { token } = await params;
  const query = new URL(request.url).searchParams;
  const locale = localeNamed(query.get("lang")) ?? "es";
  const ctx = await deskContext();
  try {
    await admitVisitor(ctx, { ...VIEWS, address: originOf(request.headers).address });
  } catch (error) {
    if (isAppError(error)) return plainAnswer(429, "Too many requests");
    throw error;
  }
  const delivery = await openDelivery(ctx, { token, claim: claimOf(token, request.headers.get("cookie")) });
  if (delivery.kind !== "package") return seeOther(`/requests/${encodeURIComponent(token)}`, { lang: locale });
  const { whole, requestKind } = delivery;
  if (query.get("as") === "json") {
    const content = requestKind === "portability" ? portablePart(whole) : whole;
    return new Response(JSON.stringify(content, null, 2), {
      headers: {
        ...PRIVATE,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": 'attachment; filename="contraste-data.json"',
      },
    });
  }
  const isPage = query.get("as") === "page";
  const { timeZone, currency } = await currentInstallation();
  const formats = createFormats({ locale, region: locale === "es" ? "es-ES" : "en-GB", timeZone, currency });
  const nonce = isPage ? (request.headers.get("x-nonce") ?? undefined) : undefined;
  const html = packageHtml(whole, { t: translator(locale, "rights"), formats, locale, ...(nonce && { nonce }) });
  return new Response(html, {
    headers: {
      ...PRIVATE,
      "Content-Type": "text/html; charset=utf-8",
      ...(isPage ? {} : { "Content-Disposition": 'attachment; filename="contraste-data.html"' }),
    },
  });
}
