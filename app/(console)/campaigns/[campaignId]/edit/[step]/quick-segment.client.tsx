"use client";

import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { CheckboxField, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { everybody, type SegmentRule } from "@/lib/segments/segment";
import { addSegment } from "../../../actions";

export interface QuickSegmentChoices {
  attributes: readonly { key: string; label: string; type: "text" | "number" | "boolean" | "date" }[];
}

/** Where people who speak our languages mostly are; any other country takes a segment of its own page. */
const COUNTRIES = "AR BO BR CL CO CR DE DO EC ES FR GB GT HN IT MX NI PA PE PT PY SV US UY".split(" ");

/** One rule, saved as a segment and chosen at once: for an audience that needs no page of its own. */
export function QuickSegment({
  choices: { attributes },
  onMade,
}: {
  choices: QuickSegmentChoices;
  onMade: (segmentId: string) => void;
}) {
  const t = useTranslations("builder");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState("");
  const [kind, setKind] = useState("everybody");
  const [value, setValue] = useState("");
  const [isNot, setIsNot] = useState(false);
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  const attribute = attributes.find(({ key }) => `attribute:${key}` === kind);

  function ruleOf(): SegmentRule | undefined {
    if (kind === "everybody") return everybody;
    if (kind === "country") return value ? { kind: "country", operator: "in", values: [value] } : undefined;
    if (!attribute) return undefined;
    const { key, type } = attribute;
    if (type === "boolean") return { kind: "attribute", key, type, operator: "equals", value: !isNot };
    if (value.trim() === "") return { kind: "attribute", key, operator: "is_set" };
    if (type === "text") return { kind: "attribute", key, type, operator: "equals", value: value.trim() };
    if (type === "date") return { kind: "attribute", key, type, operator: "on_or_after", value };
    const number = formats.parseNumber(value);
    return number === undefined ? undefined : { kind: "attribute", key, type, operator: "at_least", value: number };
  }
  function make() {
    const rule = ruleOf();
    if (name.trim() === "") return setProblem(t("quick.nameMissing"));
    if (!rule) return setProblem(t("quick.valueMissing"));
    start(async () => {
      const result = await addSegment({ name, rule });
      if (!result.ok) return setProblem(errors(result.code));
      setProblem("");
      setIsOpen(false);
      onMade(result.data.segmentId);
    });
  }
  if (!isOpen)
    return (
      <Button look="link" aria-expanded={false} onClick={() => setIsOpen(true)}>
        {t("quick.open")}
      </Button>
    );
  return (
    <fieldset className="grid gap-4 border-l-2 border-line pl-4 sm:grid-cols-2">
      <legend className="mb-2 font-medium">{t("quick.title")}</legend>
      <SelectField
        name="quickKind"
        label={t("quick.kind")}
        value={kind}
        onChange={(event) => {
          setKind(event.currentTarget.value);
          setValue("");
        }}
        options={[
          { value: "everybody", label: t("quick.everybody") },
          { value: "country", label: t("quick.country") },
          ...attributes.map(({ key, label }) => ({ value: `attribute:${key}`, label })),
        ]}
      />
      {kind === "country" && (
        <SelectField
          name="quickValue"
          label={t("quick.countryValue")}
          placeholder={t("quick.choose")}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          options={COUNTRIES.map((code) => ({ value: code, label: formats.country(code) })).toSorted((a, b) =>
            formats.compare(a.label, b.label),
          )}
        />
      )}
      {attribute?.type === "boolean" && (
        <CheckboxField
          name="quickValue"
          label={t("quick.isNot")}
          checked={isNot}
          onChange={(event) => setIsNot(event.currentTarget.checked)}
        />
      )}
      {attribute && attribute.type !== "boolean" && (
        <TextField
          name="quickValue"
          type={attribute.type === "date" ? "date" : "text"}
          label={t(`quick.value.${attribute.type}`)}
          hint={t("quick.valueHint")}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <TextField
        name="quickName"
        label={t("quick.name")}
        maxLength={120}
        value={name}
        error={problem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="flex flex-wrap gap-2 sm:col-span-2">
        <Button aria-busy={isPending || undefined} onClick={make}>
          {isPending ? t("quick.saving") : t("quick.save")}
        </Button>
        <Button look="quiet" onClick={() => setIsOpen(false)}>
          {t("quick.cancel")}
        </Button>
      </div>
    </fieldset>
  );
}
