import { templateComparisons } from "@/db/schema/templates";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { Comparison } from "@/lib/whatsapp/client-templates";
import { getTemplateRow } from "../store";

const WINDOW_DAYS = 30;

/**
 * Asks Meta how two templates of one account compare by blocks, and keeps what it says for both. Meta answers only where
 * each was sent a thousand times; until then there is nothing to keep.
 *
 * @returns whether Meta had an answer
 */
export async function compareTemplates(
  ctx: Context,
  { templateId, otherId }: { templateId: string; otherId: string },
): Promise<boolean> {
  authorize(ctx, "job.run");
  const [one, other] = [await getTemplateRow(ctx, templateId), await getTemplateRow(ctx, otherId)];
  const [oneAtMeta, otherAtMeta] = [one.metaId, other.metaId];
  if (!oneAtMeta || !otherAtMeta || one.wabaId !== other.wabaId) return false;
  const pulledAt = ctx.now();
  const window = { days: WINDOW_DAYS, end: pulledAt } as const;
  const answer = await callAccount(ctx, one.numberId, (api) => api.compareTemplates(oneAtMeta, otherAtMeta, window));
  if (answer.kind === "refused") return false;
  if (answer.kind === "unavailable") throw new AppError("whatsapp_unreachable", { reason: answer.reason });
  const facts = readComparison(answer.value);
  const [least] = facts.order;
  const lessBlockedId = least === oneAtMeta ? one.id : least === otherAtMeta ? other.id : null;
  const row = (mine: string, theirs: string, ids: { templateId: string; otherId: string }) => ({
    ...ids,
    windowDays: WINDOW_DAYS,
    pulledAt,
    lessBlockedId,
    sends: facts.sends.get(mine) ?? null,
    otherSends: facts.sends.get(theirs) ?? null,
    blockReason: facts.reasons.get(mine) ?? null,
    otherBlockReason: facts.reasons.get(theirs) ?? null,
  });
  await ctx.db
    .insert(templateComparisons)
    .values([
      row(oneAtMeta, otherAtMeta, { templateId: one.id, otherId: other.id }),
      row(otherAtMeta, oneAtMeta, { templateId: other.id, otherId: one.id }),
    ])
    .onConflictDoNothing();
  return true;
}

function readComparison({ data }: Comparison) {
  const of = (metric: string) => data.find((one) => one.metric === metric);
  return {
    order: of("BLOCK_RATE")?.order_by_relative_metric ?? [],
    sends: new Map(of("MESSAGE_SENDS")?.number_values?.map(({ key, value }) => [key, value])),
    reasons: new Map(of("TOP_BLOCK_REASON")?.string_values?.map(({ key, value }) => [key, value])),
  };
}
