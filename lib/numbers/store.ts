import { createHash } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import { installation } from "@/db/schema/installation";
import { numberEvents, phoneNumbers } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import type { EventSummary, NumberValues } from "./number-change";

export type NumberRow = typeof phoneNumbers.$inferSelect;

export async function installationMode(ctx: Context): Promise<"sandbox" | "live" | undefined> {
  const [row] = await ctx.db.select({ mode: installation.mode }).from(installation);
  return row?.mode;
}

/** @throws AppError("not_found") */
export async function loadNumber(ctx: Context, numberId: string): Promise<NumberRow> {
  const [row] = await ctx.db.select().from(phoneNumbers).where(eq(phoneNumbers.id, numberId));
  if (!row) throw new AppError("not_found", { numberId });
  return row;
}

export async function setNumberValues(tx: Context, numberIds: readonly string[], values: NumberValues): Promise<void> {
  await tx.db
    .update(phoneNumbers)
    .set(values)
    .where(inArray(phoneNumbers.id, [...numberIds]));
}

/** The messaging limit belongs to the portfolio: every number that shares it has the same (cloud-api 13). */
export async function setLimit(tx: Context, numberId: string, limit: string): Promise<void> {
  await tx.db.execute(sql`
    update phone_numbers p set messaging_limit = ${limit} from phone_numbers own where own.id = ${numberId}::uuid
      and coalesce(p.portfolio_id, 'account ' || p.waba_id) = coalesce(own.portfolio_id, 'account ' || own.waba_id)`);
}

/** Something that happened to a number by our own doing or reading: always an event of its own. */
export async function recordNumberEvent(
  tx: Context,
  event: { wabaId: string; numberId: string; kind: string; summary: EventSummary },
): Promise<void> {
  const id = newId();
  const at = tx.now();
  const fingerprint = createHash("sha256").update(id).digest();
  await tx.db.insert(numberEvents).values({ id, ...event, at, recordedAt: at, fingerprint });
}
