import { originOf } from "@/app/_server/origin";
import { fieldLanguage, plainAnswer, publicFields, seeOther } from "@/app/_server/public-post";
import { consoleRuntime, deskContext } from "@/app/_server/runtime";
import { isAppError } from "@/lib/foundation/errors";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";
import { claimDelivery } from "@/lib/rights/commands/deliver-package";
import { claimCookie } from "../../claim-cookie";

type Route = { params: Promise<{ token: string }> };

const OPENINGS = { what: "requests.open", burst: 10, perHour: 30 } as const;

/** The first who presses the button keeps the link: their browser gets the only thing that opens it from now on. */
export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { token } = await params;
  const fields = await publicFields(request);
  if (!fields) return plainAnswer(400, "Bad request");
  const ctx = await deskContext();
  try {
    await admitVisitor(ctx, { ...OPENINGS, address: originOf(request.headers).address });
  } catch (error) {
    if (isAppError(error)) return plainAnswer(429, "Too many requests");
    throw error;
  }
  const claim = await claimDelivery(ctx, { token });
  const answer = seeOther(`/requests/${encodeURIComponent(token)}`, { lang: fieldLanguage(fields) });
  const isSecure = (await consoleRuntime()).consoleUrl.startsWith("https:");
  if (claim) answer.headers.append("Set-Cookie", claimCookie(token, claim, isSecure));
  return answer;
}
