import { policyVersions } from "@/db/schema/policies";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { DEFAULT_COUNTRY, type PolicyRules } from "../policy";
import { publicHolidays } from "../public-holidays";
import { rulesHash } from "../rules-hash";
import { shippedRules } from "../shipped-rules";
import { nextNumber, writeOut } from "../store";

const NOTE = "Shipped with the product: defaults, not legal advice";

/** The first version of the rules of sending, where an installation has none. Without any nothing is sent. */
export async function installShippedPolicy(ctx: Context): Promise<void> {
  authorize(ctx, "installation.setup");
  await transaction(ctx, async (tx) => {
    const number = await nextNumber(tx);
    if (number > 1) return;
    const rules = withHolidays(tx.now().getUTCFullYear());
    const id = newId();
    const at = tx.now();
    await tx.db.insert(policyVersions).values({
      id,
      number,
      rules,
      note: NOTE,
      proposedAt: at,
      effectiveAt: new Date(0), // whatever time a rehearsal is set to
      decision: "approved",
      decidedAt: at,
    });
    await writeOut(tx, id, rules);
    await audit(tx, "policy.approved", { number, rules: rulesHash(rules), shipped: true }, id);
  });
}

/** The shipped rules with the public holidays of every country whose rule closes on them. */
function withHolidays(fromYear: number): PolicyRules {
  const closing = Object.entries(shippedRules.rules).filter(
    ([code, rule]) => rule.holidays && code !== DEFAULT_COUNTRY,
  );
  return {
    ...shippedRules,
    holidays: Object.fromEntries(closing.map(([code]) => [code, publicHolidays(code, fromYear)])),
  };
}
