import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { readNumberJob } from "../jobs";
import { type ConnectNumberInput, secretPlace } from "../number";
import { installationMode } from "../store";
import { stopSending } from "./stop-sending";

/**
 * Connects a number, or renews its token, address and secret when it is connected already. A real number refuses a
 * sandbox database and the reverse (decision 9).
 */
export async function connectNumber(ctx: Context, input: ConnectNumberInput & { isSandbox: boolean }): Promise<string> {
  authorize(ctx, "number.manage");
  return transaction(ctx, async (tx) => {
    if ((await installationMode(tx)) !== (input.isSandbox ? "sandbox" : "live")) throw new AppError("mode_mismatch");
    const [known] = await tx.db
      .select({ id: phoneNumbers.id })
      .from(phoneNumbers)
      .where(eq(phoneNumbers.phoneNumberId, input.phoneNumberId));
    const id = known?.id ?? newId();
    const key = installationKey(tx.secrets.keyEncryptionKey);
    const { token, appSecret, verifyToken, ...plain } = input;
    const values = {
      ...plain,
      tokenSealed: seal(key, token, secretPlace("token", id)),
      appSecretSealed: seal(key, appSecret, secretPlace("app_secret", id)),
      verifyTokenHash: createHash("sha256").update(verifyToken).digest(),
    };
    if (known) await tx.db.update(phoneNumbers).set(values).where(eq(phoneNumbers.id, id));
    else await tx.db.insert(phoneNumbers).values({ id, ...values, createdAt: tx.now() });
    // A new sender for real people takes a second person (compliance 5.2): it starts stopped, and two people release it.
    if (!known && !input.isSandbox && tx.actor.kind === "user")
      await stopSending(tx, { numberId: id, reach: "number", cause: "new_number" });
    await audit(tx, known ? "number.renewed" : "number.connected", { phoneNumberId: input.phoneNumberId }, id);
    await enqueue(tx.db, readNumberJob, { numberId: id }, { key: `read ${id}` });
    return id;
  });
}
