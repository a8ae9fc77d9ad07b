"use client";

import { X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import type { Choice } from "@/app/_ui/fields";
import { PlainSelect } from "./plain-select.client";
import { useRules } from "./rule-context.client";
import { attributeOf, type DraftCondition } from "./rule-draft";

const statuses = ["granted", "pending", "none", "withdrawn", "denied", "expired", "invalidated"] as const;

interface ValueProps {
  condition: DraftCondition;
  isWrong: boolean;
  onChange: (condition: DraftCondition) => void;
}

/** The value of a condition, in the form that its subject asks for. */
export function ConditionValue({ condition, isWrong, onChange }: ValueProps) {
  const t = useTranslations("audiences.rule");
  const { kinds, countries, languages, purposes } = useRules();
  const { subject, operator, values } = condition;
  const [value = ""] = values;
  const set = (next: string) => onChange({ ...condition, values: next === "" ? [] : [next] });
  const select = (options: readonly Choice[]) => (
    <PlainSelect
      label={t("value")}
      value={value}
      options={options}
      placeholder={t("choose")}
      isWrong={isWrong}
      onChange={set}
    />
  );
  const input = (type: "text" | "date" | "number") => (
    <input
      className="input w-44 max-w-full"
      type={type === "date" ? "date" : "text"}
      inputMode={type === "number" ? "decimal" : undefined}
      aria-label={t("value")}
      aria-invalid={isWrong || undefined}
      autoComplete="off"
      maxLength={200}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
  if (operator === "is_set" || operator === "is_not_set") return null;
  switch (subject) {
    case "country":
      return <ManyValues condition={condition} options={countries} isWrong={isWrong} onChange={onChange} />;
    case "language":
      return <ManyValues condition={condition} options={languages} isWrong={isWrong} onChange={onChange} />;
    case "created":
      return input("date");
    case "consent":
      return (
        <>
          {select(statuses.map((status) => ({ value: status, label: t(`statuses.${status}`) })))}
          {purposes.length > 1 && (
            <PlainSelect
              label={t("purpose")}
              value={condition.purposeId}
              options={purposes}
              onChange={(purposeId) => onChange({ ...condition, purposeId })}
            />
          )}
        </>
      );
    default: {
      const kind = kinds.get(attributeOf(subject)) ?? "text";
      if (kind !== "boolean") return input(kind);
      return select([
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ]);
    }
  }
}

/** Several countries or languages: what is chosen stands as a list to take from, the rest in a select to add from. */
function ManyValues({ condition, options, isWrong, onChange }: ValueProps & { options: readonly Choice[] }) {
  const t = useTranslations("audiences.rule");
  const { values } = condition;
  const labelOf = (value: string) => options.find((option) => option.value === value)?.label ?? value;
  const left = options.filter(({ value }) => !values.includes(value));
  return (
    <span className="flex flex-wrap items-center gap-2">
      {values.map((value) => (
        <span key={value} className="inline-flex items-center gap-1 rounded-pill border border-line bg-surface pl-3">
          {labelOf(value)}
          <button
            type="button"
            className="icon-button"
            aria-label={t("removeValue", { value: labelOf(value) })}
            onClick={() => onChange({ ...condition, values: values.filter((one) => one !== value) })}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      {left.length > 0 && (
        <PlainSelect
          label={t("addValue")}
          value=""
          placeholder={values.length > 0 ? t("another") : t("choose")}
          options={left}
          isWrong={isWrong}
          onChange={(value) => value !== "" && onChange({ ...condition, values: [...values, value] })}
        />
      )}
    </span>
  );
}
