import type { Context } from "@/lib/identity/context";
import { authorizeWithdrawal } from "../authorize-withdrawal";
import { suppress } from "./suppress";

const REVIEW_MS = 7 * 24 * 3_600_000; // compliance/design.md 1.5

/** Rests marketing to people who seem to refuse, until somebody has read what they wrote, for at most seven days. */
export async function pauseForReview(ctx: Context, { contactIds }: { contactIds: readonly string[] }): Promise<void> {
  authorizeWithdrawal(ctx);
  const since = ctx.now();
  const until = new Date(since.getTime() + REVIEW_MS);
  const block = { kind: "review", scope: "all_marketing", since, until } as const;
  await suppress(ctx, { suppressions: contactIds.map((contactId) => ({ contactId, ...block })) });
}
