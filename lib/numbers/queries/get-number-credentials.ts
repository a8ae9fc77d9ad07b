import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { type NumberCredentials, secretPlace } from "../number";

/** What the Cloud API client of a number needs. For commands that call Meta; the token goes nowhere else. */
export async function getNumberCredentials(
  ctx: Context,
  { numberId }: { numberId: string },
): Promise<NumberCredentials> {
  authorize(ctx, "number.read");
  const [row] = await ctx.db.select().from(phoneNumbers).where(eq(phoneNumbers.id, numberId));
  if (!row) throw new AppError("not_found");
  const token = open(installationKey(ctx.secrets.keyEncryptionKey), row.tokenSealed, secretPlace("token", row.id));
  return {
    numberId: row.id,
    wabaId: row.wabaId,
    phoneNumberId: row.phoneNumberId,
    baseUrl: row.baseUrl,
    apiVersion: row.apiVersion,
    token: token.toString("utf8"),
    endpoint: row.endpoint,
    productPolicy: row.productPolicy,
  };
}
