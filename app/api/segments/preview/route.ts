import { pageRequest } from "@/app/_server/page-request";
import { invalidInput, problem } from "@/app/_server/problem";
import { PreviewSegmentInput } from "@/app/(console)/audiences/segments/inputs";
import { countSegment } from "@/lib/segments/queries/count-segment";
import { sampleSegment } from "@/lib/segments/queries/sample-segment";

/** How many people a rule matches now, and a few of them, masked. The rule comes as a body: it may hold what people typed. */
export function POST(request: Request): Promise<Response> {
  return pageRequest(request, async (ctx) => {
    const body: unknown = await request.json().catch(() => undefined);
    if (body === undefined) return problem({ code: "payload_unreadable" });
    const parsed = PreviewSegmentInput.safeParse(body);
    if (!parsed.success) return invalidInput(parsed.error);
    const [count, people] = await Promise.all([countSegment(ctx, parsed.data), sampleSegment(ctx, parsed.data)]);
    return Response.json({
      count,
      people: people.map(({ contactId: _, attributes: __, createdAt: ___, ...person }) => person),
    });
  });
}
