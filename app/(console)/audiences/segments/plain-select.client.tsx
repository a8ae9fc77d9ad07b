"use client";

import { ChevronDown } from "lucide-react";
import type { Choice } from "@/app/_ui/fields";

export interface ChoiceGroup {
  label: string;
  options: readonly Choice[];
}

/** A select among others in a sentence: its label is heard, not seen. */
export function PlainSelect({
  label,
  value,
  options = [],
  groups = [],
  placeholder,
  isWrong = false,
  onChange,
}: {
  label: string;
  value: string;
  options?: readonly Choice[];
  groups?: readonly ChoiceGroup[];
  placeholder?: string;
  isWrong?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <span className="select-box max-w-full">
      <select
        className="input"
        aria-label={label}
        aria-invalid={isWrong || undefined}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map(toOption)}
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {group.options.map(toOption)}
          </optgroup>
        ))}
      </select>
      <ChevronDown aria-hidden />
    </span>
  );
}

function toOption({ value, label }: Choice) {
  return (
    <option key={value} value={value}>
      {label}
    </option>
  );
}
