import { pageRequest } from "@/app/_server/page-request";
import { problem } from "@/app/_server/problem";
import { getConsentReceipt } from "@/lib/consent/queries/get-consent-receipt";
import { parsePublicId } from "@/lib/foundation/ids";

type Route = { params: Promise<{ contactId: string; eventId: string }> };

/** The receipt of a consent event, to be kept or given to the person. */
export function GET(request: Request, { params }: Route): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const given = await params;
    const contactId = parsePublicId("con", given.contactId);
    const eventId = parsePublicId("evt", given.eventId);
    if (!contactId || !eventId) return problem({ code: "not_found" });
    const receipt = await getConsentReceipt(ctx, { contactId, eventId });
    return new Response(JSON.stringify(receipt, null, 2), {
      headers: {
        "Content-Type": "application/ld+json",
        "Content-Disposition": `attachment; filename="receipt-${given.eventId}.json"`,
        "Cache-Control": "no-store",
      },
    });
  });
}
