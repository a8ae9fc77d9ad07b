import { sql } from "drizzle-orm";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { readStopRule } from "../queries/get-stop-rule";
import type { ChangeStopRule } from "../stop-rule";

/** From which share of refusals a campaign stops by itself. It holds at once, for campaigns that are being sent too; the log keeps both. */
export async function setStopRule(ctx: Context, { share, after, reason }: ChangeStopRule): Promise<void> {
  authorize(ctx, "policy.approve");
  await transaction(ctx, async (tx) => {
    const before = await readStopRule(tx.db);
    await tx.db.execute(sql`
      update installation set stop_opt_out_share = ${share}::float8, stop_opt_out_after = ${after}::int`);
    const from = { share: String(before.share), after: before.after };
    await audit(tx, "stop_rule.changed", { from, to: { share: String(share), after }, reason });
  });
}
