import { type ContactView, listContacts } from "@/lib/audience/queries/list-contacts";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { compileSegment } from "../compile";
import type { SegmentRule } from "../segment";

const SHOWN = 10;

/** A few of the people a rule matches, masked: so that one sees whether the question was meant. */
export async function sampleSegment(ctx: Context, { rule }: { rule: SegmentRule }): Promise<ContactView[]> {
  authorize(ctx, "segment.read");
  const { contacts } = await listContacts(ctx, { limit: SHOWN, where: compileSegment(rule) });
  return contacts;
}
