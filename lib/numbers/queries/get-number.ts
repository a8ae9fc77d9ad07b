import { and, desc, eq, isNull, or } from "drizzle-orm";
import { numberEvents } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { NumberChoice } from "../number";
import type { EventSummary } from "../number-change";
import { listNumbers, type NumberView } from "./list-numbers";

const MOST_EVENTS = 30;

export interface NumberEventView {
  id: string;
  /** `phone_quality.FLAGGED`, `account_update.ACCOUNT_RESTRICTION`, `read`, … */
  kind: string;
  at: Date;
  summary: EventSummary;
}

/** One number with what Meta told about it and its account, the latest first. */
export async function getNumber(
  ctx: Context,
  { numberId }: NumberChoice,
): Promise<NumberView & { events: NumberEventView[] }> {
  authorize(ctx, "number.read");
  const [number] = await listNumbers(ctx, { numberId });
  if (!number) throw new AppError("not_found", { numberId });
  const events = await ctx.db
    .select({ id: numberEvents.id, kind: numberEvents.kind, at: numberEvents.at, summary: numberEvents.summary })
    .from(numberEvents)
    .where(
      and(
        eq(numberEvents.wabaId, number.wabaId),
        or(eq(numberEvents.numberId, numberId), isNull(numberEvents.numberId)),
      ),
    )
    .orderBy(desc(numberEvents.at), desc(numberEvents.id))
    .limit(MOST_EVENTS);
  return { ...number, events };
}
