import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type * as z from "zod";
import { recordVersions } from "@/db/schema/rights";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { canonicalize } from "@/lib/ledger/jcs";
import { generateRecord } from "../queries/get-record";
import { ownTexts, type SaveRecordInput } from "../records";
import { personOf } from "../store";

/** A new version of a record: what people wrote, and what the product knew at that moment. Earlier ones stay. */
export async function saveRecord(
  ctx: Context,
  { kind, texts }: z.output<typeof SaveRecordInput>,
): Promise<{ number: number }> {
  authorize(ctx, "rights.handle");
  return transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`record ${kind}`}))`); // one number for one version
    const [last] = await tx.db.execute<{ number: number }>(sql`
      select coalesce(max(number), 0)::int as number from record_versions where kind = ${kind}`);
    const number = (last?.number ?? 0) + 1;
    const content = { texts: ownTexts(kind, texts), generated: await generateRecord(tx) };
    const sha256 = createHash("sha256").update(canonicalize(content)).digest("hex");
    const id = newId();
    await tx.db
      .insert(recordVersions)
      .values({ id, kind, number, ...content, savedBy: personOf(tx), savedAt: tx.now() });
    await audit(tx, "record.saved", { kind, number, sha256 }, id);
    return { number };
  });
}
