import { countSuppressions } from "@/lib/consent/queries/list-suppressions";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

/** The counts of blocks as rows of a file, header first. An export is an event, also one without people in it. */
export async function exportSuppressionCounts(ctx: Context): Promise<string[][]> {
  authorize(ctx, "consent.read");
  return transaction(ctx, async (tx) => {
    const counts = await countSuppressions(tx);
    await audit(tx, "export.made", { what: "suppression_counts", rows: counts.length });
    const at = tx.now().toISOString();
    return [
      ["kind", "contacts", "numbers", "counted_at"],
      ...counts.map(({ kind, contacts, numbers }) => [kind, String(contacts), String(numbers), at]),
    ];
  });
}
