import * as z from "zod";
import { priceLists, priceRates } from "@/db/schema/numbers";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";

export const ImportPriceListInput = z.object({
  name: z.string().trim().min(1).max(120),
  /** Where the prices come from, in words or as an address. */
  source: z.string().trim().min(1).max(500),
  currency: z.string().regex(/^[A-Z]{3}$/),
  effectiveAt: z.date(),
  isInvented: z.boolean(),
  rates: z
    .array(
      z.object({
        country: z.string().regex(/^[A-Z]{2}$/),
        category: z.enum(["MARKETING", "UTILITY", "AUTHENTICATION", "SERVICE"]),
        amountMicros: z.int().min(0),
      }),
    )
    .min(1)
    .max(2_000),
});
export type ImportPriceListInput = z.infer<typeof ImportPriceListInput>;

/** A dated price list (decision 14). It never changes what was booked before; what it does not name stays unknown. */
export async function importPriceList(ctx: Context, input: ImportPriceListInput): Promise<string> {
  authorize(ctx, "number.manage");
  const { rates, ...list } = ImportPriceListInput.parse(input);
  const id = newId();
  await transaction(ctx, async (tx) => {
    await tx.db.insert(priceLists).values({ id, ...list, createdAt: tx.now() });
    await tx.db.insert(priceRates).values(rates.map((rate) => ({ listId: id, ...rate })));
    await audit(
      tx,
      "price_list.imported",
      { currency: list.currency, rates: rates.length, isInvented: list.isInvented },
      id,
    );
  });
  return id;
}
