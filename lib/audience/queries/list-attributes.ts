import { asc } from "drizzle-orm";
import { attributeDefinitions } from "@/db/schema/audience";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { AttributeType } from "../contact";

export interface AttributeDefinition {
  key: string;
  label: string;
  type: AttributeType;
}

/** The attributes that segments and templates may use, by label. */
export async function listAttributes(ctx: Context): Promise<AttributeDefinition[]> {
  authorize(ctx, "contact.read");
  const { key, label, type } = attributeDefinitions;
  return ctx.db.select({ key, label, type }).from(attributeDefinitions).orderBy(asc(label));
}
