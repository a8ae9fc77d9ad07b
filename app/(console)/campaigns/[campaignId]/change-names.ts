import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { listSegments } from "@/lib/segments/queries/list-segments";
import { listTemplates } from "@/lib/templates/queries/list-templates";
import type { ChangeNames } from "./changes";

/** Names of what changes refer to by id, as far as this person may see them. */
export async function changeNames(ctx: Context): Promise<ChangeNames> {
  const [segments, templates, purposes, numbers] = await Promise.all([
    may(ctx.actor, "segment.read") ? listSegments(ctx) : [],
    may(ctx.actor, "template.read") ? listTemplates(ctx) : [],
    may(ctx.actor, "policy.read") ? listPurposes(ctx) : [],
    may(ctx.actor, "number.read") ? listNumbers(ctx) : [],
  ]);
  return Object.fromEntries([
    ...segments.map(({ segmentId, name }) => [segmentId, name]),
    ...[...templates, ...purposes].map(({ id, name }) => [id, name]),
    ...numbers.map(({ id, verifiedName }) => [id, verifiedName]),
  ]);
}
