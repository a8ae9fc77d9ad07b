import { attributeDefinitions } from "@/db/schema/audience";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { AttributeType } from "../contact";

/** Makes columns known to segments. One that exists keeps its label and type. */
export async function defineAttributes(
  ctx: Context,
  definitions: readonly { key: string; label: string; type: AttributeType }[],
): Promise<void> {
  authorize(ctx, "contact.import");
  if (definitions.length === 0) return;
  await ctx.db
    .insert(attributeDefinitions)
    .values(definitions.map((definition) => ({ ...definition, createdAt: ctx.now() })))
    .onConflictDoNothing();
}
