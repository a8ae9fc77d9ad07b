import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { extendedDueAt, type RefusalReason, requestCan } from "../request";
import { personOf, requestForUpdate, setRequest } from "../store";

/** Hands a request to a compliance officer. @throws AppError invalid_input when they are not one */
export async function assignRequest(
  ctx: Context,
  { requestId, userId }: { requestId: string; userId: string },
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.assign);
    const [officer] = await tx.db.execute(sql`
      select 1 from users where id = ${userId}::uuid and disabled_at is null and 'compliance' = any(roles)`);
    if (!officer) throw new AppError("invalid_input", { field: "userId", reason: "not_an_officer" });
    await setRequest(tx, requestId, { assignedTo: userId });
    await audit(tx, "rights.assigned", { to: userId }, requestId);
  });
}

/** Two more months for complex or many requests; once (GDPR 12.3). The person must be told within the first month. */
export async function extendRequest(
  ctx: Context,
  { requestId, reason }: { requestId: string; reason: "complex" | "many" },
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.assign);
    const later = requestCan.extend(row) ? extendedDueAt(row.jurisdiction, row.dueAt) : undefined;
    if (!later || row.dueAt < tx.now()) throw new AppError("conflict", { status: row.status });
    await setRequest(tx, requestId, { dueAt: later, extendedReason: reason });
    await audit(tx, "rights.extended", { reason }, requestId);
  });
}

/** Ends a request without doing what it asks, for one of the reasons that the law knows. */
export async function refuseRequest(
  ctx: Context,
  { requestId, reason }: { requestId: string; reason: RefusalReason },
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.refuse);
    const end = { closedAt: tx.now(), closedBy: personOf(tx), detailsSealed: null };
    await setRequest(tx, requestId, { ...end, status: "refused", refusedReason: reason });
    await audit(tx, "rights.refused", { reason }, requestId);
  });
}

/** After the delivery: nothing is left to do. */
export async function closeRequest(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.close);
    await setRequest(tx, requestId, {
      status: "closed",
      closedAt: tx.now(),
      closedBy: personOf(tx),
      detailsSealed: null,
    });
    await audit(tx, "rights.closed", {}, requestId);
  });
}
