import { eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { personOf, storeSecret } from "../factor/store";
import { getInstallation } from "../queries/get-installation";
import { inFours } from "../second-factor";
import { base32, newTotpSecret, otpauthUri } from "../totp";

/** Apps show little more, and the picture stays easy to scan. */
const LONGEST_ISSUER = 32;

/** What an authenticator app needs, once: as an address (or its picture), and to be typed. */
export interface FactorSecret {
  uri: string;
  /** Base 32, in groups of four. */
  secret: string;
}

/** A new secret for the app of the person who asks. It counts for nothing until `confirmFactor`. */
export async function startFactor(ctx: Context): Promise<FactorSecret> {
  authorize(ctx, "own_factor.manage");
  return transaction(ctx, async (tx) => {
    const { userId } = personOf(tx);
    const [user] = await tx.db.select({ email: users.email }).from(users).where(eq(users.id, userId));
    if (!user) throw new AppError("not_found", { what: "user" });
    const secret = newTotpSecret();
    await storeSecret(tx, userId, secret);
    const issuer = `Contraste ${(await getInstallation(tx)).name}`.slice(0, LONGEST_ISSUER).trim();
    return { uri: otpauthUri(secret, { issuer, account: user.email }), secret: inFours(base32(secret)) };
  });
}
