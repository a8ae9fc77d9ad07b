import type { FrozenReason } from "./campaign";

/** What decides whether a comparison can go on, as it is at Meta and in our tables now. */
export interface RunningFacts {
  approvedHash: string | null;
  contentHash: string;
  purposeCategory: string | null;
  templates: readonly ({ status: string; category: string } | null)[];
}

/**
 * Why a running campaign has to stop in all its variants (README, States): when Meta pauses or reclassifies one of them,
 * the others would go on to other people at other times, and what was compared would no longer be comparable.
 */
export function freezeReason({
  approvedHash,
  contentHash,
  purposeCategory,
  templates,
}: RunningFacts): FrozenReason | undefined {
  if (templates.some((template) => template?.status !== "APPROVED")) return "template_paused";
  if (templates.some((template) => template?.category !== purposeCategory)) return "template_changed";
  if (approvedHash !== contentHash) return "content_changed";
  return undefined;
}
