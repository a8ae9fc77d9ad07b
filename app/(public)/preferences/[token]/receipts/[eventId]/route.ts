import { originOf } from "@/app/_server/origin";
import { plainAnswer } from "@/app/_server/public-post";
import { deskContext } from "@/app/_server/runtime";
import { getOwnReceipt } from "@/lib/consent/queries/get-own-receipt";
import { isAppError } from "@/lib/foundation/errors";
import { parsePublicId } from "@/lib/foundation/ids";
import { admitVisitor } from "@/lib/identity/commands/admit-visitor";

type Route = { params: Promise<{ token: string; eventId: string }> };

const RECEIPTS = { what: "receipts", burst: 30, perHour: 120 } as const;

/** The receipt of something that a person decided, for them to keep. */
export async function GET(request: Request, { params }: Route): Promise<Response> {
  const given = await params;
  const eventId = parsePublicId("evt", given.eventId);
  if (!eventId) return plainAnswer(404, "Not found");
  const ctx = await deskContext();
  try {
    await admitVisitor(ctx, { ...RECEIPTS, address: originOf(request.headers).address });
    const receipt = await getOwnReceipt(ctx, { token: given.token, eventId });
    return new Response(JSON.stringify(receipt, null, 2), {
      headers: {
        "Content-Type": "application/ld+json",
        "Content-Disposition": `attachment; filename="receipt-${given.eventId}.json"`,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
      },
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    const wait = error.params.retryAfterSeconds;
    if (typeof wait === "number") return plainAnswer(429, "Too many requests", { "Retry-After": String(wait) });
    if (error.code === "not_found" || error.code === "contact_erased") return plainAnswer(404, "Not found");
    throw error;
  }
}
