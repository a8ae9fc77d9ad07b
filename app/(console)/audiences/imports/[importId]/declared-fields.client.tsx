"use client";

import type { ChangeEvent } from "react";
import { useTranslations } from "use-intl/react";
import { SelectField, TextField } from "@/app/_ui/fields";
import type { ImportMapping } from "@/lib/imports/mapping";

/** The evidence that holds for every row, as typed. `actAt` is a day. */
export interface DeclaredText {
  actAt: string;
  wordingVersion: string;
  sourceSystem: string;
  evidenceHash: string;
  attester: string;
}

export function declaredText(declared: ImportMapping["declared"]): DeclaredText {
  const { actAt = "", wordingVersion = "", sourceSystem = "", evidenceHash = "", attester = "" } = declared;
  return { actAt: actAt.slice(0, 10), wordingVersion, sourceSystem, evidenceHash, attester };
}

/** What was typed as the mapping keeps it: what is empty is not declared. */
export function declaredOf(text: DeclaredText): ImportMapping["declared"] {
  const { actAt, ...rest } = text;
  const given = Object.entries(rest).flatMap(([key, value]) => (value.trim() === "" ? [] : [[key, value.trim()]]));
  return { ...Object.fromEntries(given), ...(actAt && { actAt: `${actAt}T00:00:00Z` }) };
}

/** The five pieces that make an imported consent complete, for rows whose own cells are empty. */
export function DeclaredFields({
  text,
  wordings,
  isHashWrong,
  onChange,
}: {
  text: DeclaredText;
  wordings: readonly string[];
  isHashWrong: boolean;
  onChange: (change: Partial<DeclaredText>) => void;
}) {
  const t = useTranslations("imports.columns.declared");
  const field = (name: keyof DeclaredText) => ({
    name,
    label: t(name),
    value: text[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  const labels =
    wordings.includes(text.wordingVersion) || !text.wordingVersion ? wordings : [...wordings, text.wordingVersion];
  return (
    <div className="grid max-w-measure gap-5 sm:grid-cols-2">
      <TextField {...field("actAt")} type="date" hint={t("actAtHint")} />
      <SelectField
        {...field("wordingVersion")}
        hint={t("wordingVersionHint")}
        placeholder={t("none")}
        options={labels.map((label) => ({ value: label, label }))}
      />
      <TextField {...field("sourceSystem")} hint={t("sourceSystemHint")} autoComplete="off" />
      <TextField {...field("attester")} hint={t("attesterHint")} autoComplete="off" />
      <TextField
        {...field("evidenceHash")}
        className="sm:col-span-2"
        hint={t("evidenceHashHint")}
        error={isHashWrong && t("evidenceHashWrong")}
        autoComplete="off"
        spellCheck={false}
      />
    </div>
  );
}
