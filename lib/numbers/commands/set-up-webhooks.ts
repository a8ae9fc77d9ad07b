import { createHash, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { failureOf, type ReadFailure } from "../health";
import type { NumberChoice } from "../number";
import { loadNumber } from "../store";
import { callAccount } from "./call-account";

/**
 * A new token for Meta to repeat when it verifies our webhook address; only its hash is kept, so it is shown this once.
 * What was verified before stays verified.
 */
export async function makeVerifyToken(ctx: Context, { numberId }: NumberChoice): Promise<{ verifyToken: string }> {
  authorize(ctx, "number.manage");
  const verifyToken = randomBytes(24).toString("base64url");
  await transaction(ctx, async (tx) => {
    await loadNumber(tx, numberId);
    const verifyTokenHash = createHash("sha256").update(verifyToken).digest();
    await tx.db.update(phoneNumbers).set({ verifyTokenHash }).where(eq(phoneNumbers.id, numberId));
    await audit(tx, "number.verify_token_made", {}, numberId);
  });
  return { verifyToken };
}

export type Subscription = { kind: "subscribed" } | { kind: "failed"; failure: ReadFailure };

/**
 * Subscribes the token's app to the account and has its webhooks sent to us. Meta asks our address for the verify token at
 * once; when it cannot reach it, nothing changes at Meta.
 */
export async function subscribeNumber(
  ctx: Context,
  { numberId, callbackUrl }: NumberChoice & { callbackUrl: string },
): Promise<Subscription> {
  authorize(ctx, "number.manage");
  const { verifyToken } = await makeVerifyToken(ctx, { numberId });
  const result = await callAccount(ctx, numberId, (api, { wabaId }) =>
    api.subscribeApp(wabaId, { url: callbackUrl, verifyToken }),
  );
  const failure = failureOf(result);
  if (failure) return { kind: "failed", failure };
  await transaction(ctx, (tx) => audit(tx, "number.webhooks_subscribed", {}, numberId));
  return { kind: "subscribed" };
}
