import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { LARGEST_SAMPLE, SEED } from "../sample";
import { sampleSize } from "../sample-size";

export const DrawSampleInput = z.object({
  /** Left empty: as many as it takes. */
  size: z
    .union([z.literal("").transform(() => undefined), z.coerce.number().int().min(1).max(LARGEST_SAMPLE)])
    .optional(),
  /** Left empty: a new one. Given: the same seed draws the same records of the same population. */
  seed: z.union([z.literal("").transform(() => undefined), z.string().trim().regex(SEED)]).optional(),
});

/**
 * Draws a sample of everything that was sent until now. What is drawn depends on the seed alone, which the log keeps before
 * anybody has seen a record.
 *
 * @throws AppError("not_found") nothing was sent yet
 */
export async function drawSample(ctx: Context, asked: z.output<typeof DrawSampleInput>): Promise<{ sampleId: string }> {
  authorize(ctx, "proof.read");
  return transaction(ctx, async (tx) => {
    const until = tx.now();
    const [row] = await tx.db.execute<{ count: number }>(sql`
      select count(*)::int as count from send_attempts where basis = 'consent' and authorised_at <= ${until}::timestamptz`);
    const population = row?.count ?? 0;
    if (population === 0) throw new AppError("not_found", { population });
    const seed = asked.seed ?? randomBytes(16).toString("hex");
    const size = Math.min(asked.size ?? sampleSize(population), population);
    const facts = { seed, size, population, until: until.toISOString() };
    const { eventId } = await audit(tx, "sample.drawn", facts);
    return { sampleId: eventId };
  });
}
