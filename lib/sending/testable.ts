import type { TemplateSummary } from "@/lib/templates/queries/list-templates";

/** Whether one test message can be made of a template by itself: it is approved and leaves only words, or a code, open. */
export function isTestable({ isSendable, needs }: Pick<TemplateSummary, "isSendable" | "needs">): boolean {
  const kinds: readonly string[] = Object.values(needs.kinds);
  const asked = needs.hasAccessCode ? "code" : "text";
  return isSendable && needs.unsupported.length === 0 && !needs.hasCardLinks && kinds.every((kind) => kind === asked);
}
