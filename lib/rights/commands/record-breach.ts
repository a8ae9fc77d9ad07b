import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import type * as z from "zod";
import { breaches } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { canonicalize } from "@/lib/ledger/jcs";
import type { BreachInput } from "../breach";
import { personOf } from "../store";
import { tellBreach } from "./tell-deadlines";

/**
 * Writes down a breach, or what became known of it since. The log keeps a hash of each state, so that nobody can say later that
 * something else was written.
 *
 * @throws AppError invalid_input when it lies in the future or a notice before it; not_found; conflict once it is closed
 */
export async function recordBreach(
  ctx: Context,
  { breachId, ...told }: z.output<typeof BreachInput>,
): Promise<{ breachId: string }> {
  authorize(ctx, "rights.handle");
  return transaction(ctx, async (tx) => {
    if (told.detectedAt > tx.now()) throw new AppError("invalid_input", { field: "detectedAt", reason: "in_future" });
    for (const field of ["authorityNotifiedAt", "peopleNotifiedAt"] as const) {
      const at = told[field];
      if (at && (at < told.detectedAt || at > tx.now()))
        throw new AppError("invalid_input", { field, reason: "not_between" });
    }
    const facts = {
      ...told,
      peopleCount: told.peopleCount ?? null,
      recordsCount: told.recordsCount ?? null,
      authorityNotifiedAt: told.authorityNotifiedAt ?? null,
      authorityReason: told.authorityReason || null,
      peopleNotifiedAt: told.peopleNotifiedAt ?? null,
      peopleReason: told.peopleReason || null,
      updatedAt: tx.now(),
    };
    const id = breachId ?? newId();
    if (breachId) await openBreach(tx, breachId);
    const [row] = breachId
      ? await tx.db.update(breaches).set(facts).where(eq(breaches.id, breachId)).returning()
      : await tx.db
          .insert(breaches)
          .values({ id, ...facts, recordedBy: personOf(tx), recordedAt: tx.now() })
          .returning();
    if (row) await tellBreach(tx, row);
    const state = JSON.parse(JSON.stringify(facts)); // dates as text
    const sha256 = createHash("sha256").update(canonicalize(state)).digest("hex");
    const data = {
      sha256,
      authorityTold: facts.authorityNotifiedAt !== null,
      peopleTold: facts.peopleNotifiedAt !== null,
    };
    await audit(tx, breachId ? "breach.updated" : "breach.recorded", data, id);
    return { breachId: id };
  });
}

/** Nothing is open: the authority was told or it is written why not, and so with the people. @throws AppError conflict */
export async function closeBreach(ctx: Context, { breachId }: { breachId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await openBreach(tx, breachId);
    const isDecided = (row.authorityNotifiedAt ?? row.authorityReason) && (row.peopleNotifiedAt ?? row.peopleReason);
    if (!isDecided) throw new AppError("conflict", { status: "undecided" });
    await tx.db.update(breaches).set({ closedAt: tx.now() }).where(eq(breaches.id, breachId));
    await audit(tx, "breach.closed", {}, breachId);
  });
}

async function openBreach(tx: Context, breachId: string) {
  const [row] = await tx.db.select().from(breaches).where(eq(breaches.id, breachId)).for("update");
  if (!row) throw new AppError("not_found", { breachId });
  if (row.closedAt) throw new AppError("conflict", { status: "closed" });
  return row;
}
