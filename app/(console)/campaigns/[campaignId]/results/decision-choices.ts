import type { Translator } from "@/lib/i18n/translator";
import type { AnalysisRecord } from "@/lib/results/analysis";
import { type DecisionAction, deviates } from "@/lib/results/decision";
import type { DecisionChoice } from "./decision-dialog.client";

/** Everything that may be decided about a record, what the frozen rule asks for first. */
export function decisionChoices(record: AnalysisRecord, verdicts: Translator<"verdicts">): DecisionChoice[] {
  const { comparisons, control, recommendation } = record;
  const choice = (decision: DecisionAction, variant: string | null): DecisionChoice => ({
    value: variant === null ? decision : `${decision}:${variant}`,
    decision,
    variant,
    label: decisionText({ decision, variant, control }, verdicts),
    isDeviation: deviates({ decision, variant }, recommendation),
  });
  const choices = [
    ...comparisons.map(({ key }) => choice("roll_out", key)),
    choice("keep_control", null),
    choice("repeat", null),
    choice("no_action", null),
  ];
  return choices.toSorted((one, two) => Number(one.isDeviation) - Number(two.isDeviation));
}

/** `Desplegar B`, `Mantener A`, … */
export function decisionText(
  { decision, variant, control }: { decision: DecisionAction; variant: string | null; control: string },
  verdicts: Translator<"verdicts">,
): string {
  return verdicts(`recommendation.${decision}`, { variant: variant ?? "", control });
}

/** The recommendation as it is told in the dialog and in exports. */
export function recommendedText(
  { recommendation: { action, variants }, control }: AnalysisRecord,
  verdicts: Translator<"verdicts">,
  list: (items: readonly string[]) => string,
): string {
  return verdicts(`recommendation.${action}`, { variant: list(variants), control });
}
