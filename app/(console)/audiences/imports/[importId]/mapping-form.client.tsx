"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, FormErrors, SelectField } from "@/app/_ui/fields";
import { Section } from "@/app/_ui/page";
import type { ImportMapping, MappingProblem } from "@/lib/imports/mapping";
import { saveMapping } from "../actions";
import { ColumnTable, type ShownColumn } from "./column-table.client";
import { DeclaredFields, type DeclaredText, declaredOf, declaredText } from "./declared-fields.client";
import type { TargetCode } from "./target-code";

type Everybody = ImportMapping["everybody"];
const everybodyChoices = ["rows", "left", "other_channel"] as const;

export interface MappingFormProps {
  /** `imp_…` */
  importId: string;
  columns: readonly ShownColumn[];
  problems: readonly MappingProblem[];
  country: string;
  countries: readonly Choice[];
  everybody: Everybody;
  declared: ImportMapping["declared"];
  /** Labels of the published wordings. */
  wordings: readonly string[];
}

/** Corrects what the columns are, and what holds for the whole file; goes on to the effect once nothing is wrong. */
export function MappingForm(props: MappingFormProps) {
  const t = useTranslations("imports");
  const errors = useTranslations("errors");
  const router = useRouter();
  const [chosen, setChosen] = useState<Readonly<Record<string, TargetCode>>>({});
  const [country, setCountry] = useState(props.country);
  const [everybody, setEverybody] = useState<Everybody>(props.everybody);
  const [declared, setDeclared] = useState<DeclaredText>(() => declaredText(props.declared));
  const [problems, setProblems] = useState(props.problems);
  const [refused, setRefused] = useState<Extract<ActionResult<unknown>, { ok: false }>>();
  const [isSaving, save] = useTransition();

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSaving) return;
    save(async () => {
      const overrides = { columns: chosen, country, everybody, declared: declaredOf(declared) };
      const result = await saveMapping({ importId: props.importId, overrides });
      setRefused(result.ok ? undefined : result);
      if (!result.ok) return;
      setProblems(result.data);
      if (result.data.length === 0) router.push("?step=effect");
    });
  }
  const isHashWrong = refused?.fields["overrides.declared.evidenceHash"] !== undefined;
  return (
    <form onSubmit={send} noValidate>
      <FormErrors
        title={t("columns.problemsTitle")}
        errors={problems.map(({ header, problem }) => ({
          field: header === null ? undefined : `column-${props.columns.find((one) => one.header === header)?.key}`,
          message: t(`columns.problem.${problem}`, { column: header ?? "" }),
        }))}
      />
      {refused && !isHashWrong && <Banner tone="bad">{errors(refused.code)}</Banner>}
      <Section title={t("columns.columns")} note={t("columns.columnsNote")} wide>
        <ColumnTable
          columns={props.columns}
          chosen={chosen}
          wrong={problems.flatMap(({ header }) => header ?? [])}
          onChoose={(header, code) => setChosen({ ...chosen, [header]: code })}
        />
      </Section>
      <Section title={t("columns.file")} note={t("columns.fileNote")}>
        <div className="grid max-w-measure gap-5">
          <SelectField
            name="country"
            label={t("new.country")}
            hint={t("new.countryHint")}
            options={props.countries}
            value={country}
            onChange={(event) => setCountry(event.currentTarget.value)}
          />
          <SelectField
            name="everybody"
            label={t("columns.everybody.label")}
            hint={t("columns.everybody.hint")}
            options={everybodyChoices.map((value) => ({ value, label: t(`columns.everybody.${value}`) }))}
            value={everybody ?? "rows"}
            onChange={(event) => setEverybody(everybodyOf(event.currentTarget.value))}
          />
        </div>
      </Section>
      <Section title={t("columns.declared.title")} note={t("columns.declared.note")}>
        <DeclaredFields
          text={declared}
          wordings={props.wordings}
          isHashWrong={isHashWrong}
          onChange={(change) => setDeclared({ ...declared, ...change })}
        />
      </Section>
      <div className="flex flex-wrap gap-3 border-t border-line py-5">
        <Button type="submit" look="primary" aria-busy={isSaving || undefined}>
          {isSaving ? t("columns.saving") : t("columns.save")}
        </Button>
        <span className="note self-center">{t("safe")}</span>
      </div>
    </form>
  );
}

function everybodyOf(value: string): Everybody {
  return value === "left" || value === "other_channel" ? value : null;
}
