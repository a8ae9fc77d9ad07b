import * as z from "zod";
import { parsePublicId } from "@/lib/foundation/ids";

/** Why somebody is blocked (compliance/design.md 1.6). */
export const suppressionKinds = [
  "withdrawn",
  "meta_stop",
  "review",
  "complaint",
  "legal",
  "external_list",
  "erased",
  "test",
] as const;
export type SuppressionKind = (typeof suppressionKinds)[number];

/** A block that outranks every opt-in. Active until `until`, or for good, unless lifted. */
export interface NewSuppression {
  contactId: string;
  kind: SuppressionKind;
  scope: "all_marketing" | "all";
  since: Date;
  until?: Date | null;
  reasonEventId?: string | null;
}

/** What an officer may do to a block: end one of these, with a second person. Blocks of erased people stay for good. */
export const removableKinds = [
  "withdrawn",
  "meta_stop",
  "complaint",
  "legal",
  "external_list",
  "test",
] as const satisfies readonly SuppressionKind[];

/** What an officer may block by hand; a refusal is an opt-out and registered as one. */
export const kindsByHand = ["complaint", "legal", "external_list"] as const satisfies readonly SuppressionKind[];

const contactId = z.string().transform((text, context) => {
  const id = parsePublicId("con", text);
  if (id !== undefined) return id;
  context.addIssue({ code: "custom", message: "not an id (con_…)" });
  return z.NEVER;
});
const reason = z.string().trim().min(1).max(500);

export const RequestRemovalInput = z.object({ contactId, kind: z.enum(removableKinds), reason });
export type RequestRemoval = z.output<typeof RequestRemovalInput>;

export const DecideRemovalInput = z.object({ removalId: z.uuid(), decision: z.enum(["lifted", "refused"]) });

export const BlockByHandInput = z.object({
  phone: z.string().trim().min(3).max(40),
  kind: z.enum(kindsByHand),
  scope: z.enum(["all_marketing", "all"]),
  reason,
});
export type BlockByHand = z.output<typeof BlockByHandInput>;

export const DecideReviewInput = z.object({ contactId, decision: z.enum(["opt_out", "lift"]), reason });
export type DecideReview = z.output<typeof DecideReviewInput>;
