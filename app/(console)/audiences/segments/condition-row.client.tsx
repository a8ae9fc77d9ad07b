"use client";

import { X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { ConditionValue } from "./condition-value.client";
import { PlainSelect } from "./plain-select.client";
import { useRules } from "./rule-context.client";
import { attributeOf, type DraftCondition, newCondition, operatorsOf } from "./rule-draft";

const personSubjects = ["country", "language", "created", "consent"] as const;
const operators = [
  "in",
  "not_in",
  "on_or_after",
  "before",
  "is",
  "is_not",
  "equals",
  "not_equals",
  "contains",
  "starts_with",
  "at_least",
  "at_most",
  "more_than",
  "less_than",
  "is_set",
  "is_not_set",
] as const;

/** One question about a person, as a sentence of three parts: about what, how, and which value. */
export function ConditionRow({
  condition,
  number,
  onChange,
  onRemove,
}: {
  condition: DraftCondition;
  number: number;
  onChange: (condition: DraftCondition) => void;
  onRemove: () => void;
}) {
  const t = useTranslations("audiences.rule");
  const { attributes, kinds, wrong } = useRules();
  const { id, subject, operator } = condition;
  const isUnknown = subject.startsWith("attribute:") && !kinds.has(attributeOf(subject));
  const own = isUnknown ? [{ value: subject, label: attributeOf(subject) }] : [];
  const isWrong = wrong.has(id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a sentence of fields, not a form section
    <div
      role="group"
      id={`condition-${id}`}
      tabIndex={-1}
      aria-label={t("condition", { number: `${number}` })}
      className="grid grid-cols-[minmax(0,auto)_auto] items-start justify-start gap-x-2 gap-y-1"
    >
      <div className="flex flex-wrap items-center gap-2">
        <PlainSelect
          label={t("subject")}
          value={subject}
          groups={[
            {
              label: t("person"),
              options: personSubjects.map((value) => ({ value, label: t(`subjects.${value}`) })),
            },
            {
              label: t("attributes"),
              options: [...own, ...attributes.map(({ key, label }) => ({ value: `attribute:${key}`, label }))],
            },
          ].filter(({ options }) => options.length > 0)}
          onChange={(next) => {
            const { purposeId } = condition;
            onChange(newCondition(id, next, { attributes: kinds, purposeId }));
          }}
        />
        <PlainSelect
          label={t("operator")}
          value={operator}
          options={operatorsOf(subject, kinds).flatMap((value) => {
            const known = operators.find((one) => one === value);
            return known ? [{ value, label: t(`operators.${known}`) }] : [];
          })}
          onChange={(next) => onChange({ ...condition, operator: next })}
        />
        <ConditionValue condition={condition} isWrong={isWrong} onChange={onChange} />
      </div>
      <button
        type="button"
        className="icon-button mt-1"
        aria-label={t("removeCondition", { number: `${number}` })}
        onClick={onRemove}
      >
        <X aria-hidden />
      </button>
      {isWrong && <span className="text-note text-bad">{t("incomplete")}</span>}
    </div>
  );
}
