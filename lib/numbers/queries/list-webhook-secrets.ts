import { phoneNumbers } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { secretPlace } from "../number";

export interface WebhookSecret {
  wabaId: string;
  appSecret: string;
  verifyTokenHash: Buffer;
}

/** What the ingress needs to know Meta by: the secret that signs, and the hash of the token that verifies the address. */
export async function listWebhookSecrets(ctx: Context): Promise<WebhookSecret[]> {
  authorize(ctx, "webhook.receive");
  const key = installationKey(ctx.secrets.keyEncryptionKey);
  const rows = await ctx.db
    .select({
      id: phoneNumbers.id,
      wabaId: phoneNumbers.wabaId,
      sealed: phoneNumbers.appSecretSealed,
      verifyTokenHash: phoneNumbers.verifyTokenHash,
    })
    .from(phoneNumbers);
  return rows.map((row) => ({
    wabaId: row.wabaId,
    appSecret: open(key, row.sealed, secretPlace("app_secret", row.id)).toString("utf8"),
    verifyTokenHash: row.verifyTokenHash,
  }));
}
