import type { Words } from "./wording";

/** Meta's codes that have words of their own in the catalogue; the others are told by their number. */
const told = ["130429", "130472", "131026", "131042", "131047", "131048", "131049", "131050", "131053"] as const;
const MOST_SHOWN = 3;

/** Why messages failed, most frequent first: `límite de Meta 402`. What is beyond the third reason is summed up. */
export function failureTexts(byCode: Readonly<Record<string, number>>, { t, formats }: Words): string[] {
  const reasons = Object.entries(byCode).toSorted(([, one], [, two]) => two - one);
  const rest = reasons.slice(MOST_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  const texts = reasons.slice(0, MOST_SHOWN).map(([code, count]) => {
    const known = told.find((one) => one === code);
    const reason = known ? t(`failures.${known}`) : t("failures.code", { code });
    return `${reason}\u00a0${formats.integer(count)}`;
  });
  return rest > 0 ? [...texts, `${t("failures.rest")}\u00a0${formats.integer(rest)}`] : texts;
}
