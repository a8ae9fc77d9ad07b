import { phoneNumbers } from "@/db/schema/numbers";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { OwnNumbers } from "../placed";

/** The accounts and numbers that are connected here. */
export async function ownNumbers(ctx: Context): Promise<OwnNumbers> {
  if (!may(ctx.actor, "webhook.receive")) authorize(ctx, "job.run");
  const rows = await ctx.db
    .select({ wabaId: phoneNumbers.wabaId, phoneNumberId: phoneNumbers.phoneNumberId })
    .from(phoneNumbers);
  return {
    wabaIds: new Set(rows.map((row) => row.wabaId)),
    phoneNumberIds: new Set(rows.map((row) => row.phoneNumberId)),
  };
}
