import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { createCloudApi } from "@/lib/whatsapp/client";
import { type ConnectionFinding, judgeNumber } from "../connection";
import { type RenewTokenInput, secretPlace } from "../number";
import { loadNumber } from "../store";
import { readNumberHealth } from "./read-number-health";

export type RenewedToken = { kind: "renewed" } | { kind: "not_usable"; finding: ConnectionFinding };

/** Takes a new token after it could read the number; one that cannot changes nothing, and the old one stays. */
export async function renewToken(ctx: Context, { numberId, token, appSecret }: RenewTokenInput): Promise<RenewedToken> {
  authorize(ctx, "number.manage");
  const { baseUrl, apiVersion, phoneNumberId } = await loadNumber(ctx, numberId);
  const api = createCloudApi({ baseUrl, apiVersion, token, connections: 1 });
  const { result, finding } = judgeNumber(await api.getPhoneNumber(phoneNumberId).finally(() => api.close()));
  if (result !== "ok") return { kind: "not_usable", finding };
  const key = installationKey(ctx.secrets.keyEncryptionKey);
  await transaction(ctx, async (tx) => {
    const sealed = {
      tokenSealed: seal(key, token, secretPlace("token", numberId)),
      ...(appSecret && { appSecretSealed: seal(key, appSecret, secretPlace("app_secret", numberId)) }),
      ...(appSecret && { webhookRefusedAt: null }),
    };
    await tx.db.update(phoneNumbers).set(sealed).where(eq(phoneNumbers.id, numberId));
    await audit(tx, "number.token_renewed", { withAppSecret: appSecret !== undefined }, numberId);
  });
  await readNumberHealth(ctx, { numberId });
  return { kind: "renewed" };
}
