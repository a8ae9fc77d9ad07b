import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type ThroughputLevel, throughputOf } from "../limits";
import { isSandboxAddress, type NumberSettingsInput } from "../number";
import { loadNumber } from "../store";

/** How a number sends, and where. The sender takes it up within half a minute. An address of the other mode is refused. */
export async function changeNumberSettings(ctx: Context, input: NumberSettingsInput): Promise<void> {
  authorize(ctx, "number.manage");
  await transaction(ctx, async (tx) => {
    const row = await loadNumber(tx, input.numberId);
    if (isSandboxAddress(input.baseUrl) !== row.isSandbox) throw new AppError("mode_mismatch", { field: "baseUrl" });
    const { numberId, isCoexistence, appId = null, portfolioId = null, ...plain } = input;
    const wasCoexistence = row.throughputLevel === "COEXISTENCE";
    const level: ThroughputLevel = isCoexistence ? "COEXISTENCE" : "STANDARD";
    const throughput = isCoexistence !== wasCoexistence && {
      throughputLevel: level,
      messagesPerSecond: throughputOf[level],
    };
    await tx.db
      .update(phoneNumbers)
      .set({ ...plain, appId, portfolioId, ...throughput })
      .where(eq(phoneNumbers.id, numberId));
    await audit(tx, "number.settings_changed", { ...plain, appId, portfolioId, isCoexistence }, numberId);
  });
}
