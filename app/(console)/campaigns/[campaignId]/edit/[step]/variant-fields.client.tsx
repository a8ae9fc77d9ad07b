"use client";

import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl/react";
import { SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { VariantTag } from "@/app/_ui/variant";
import type { StepProblem } from "@/lib/campaigns/completeness";
import { linkProblem } from "@/lib/campaigns/links";
import { categoryText } from "../../../sentences";
import {
  type AttributeChoice,
  emptyRule,
  type RuleDraft,
  type TemplateChoice,
  type VariantDraft,
} from "./variant-draft";

/** One variant: its template, where its variables come from, where its link leads. */
export function VariantFields({
  draft,
  templates,
  attributes,
  isSandbox,
  problems,
  onChange,
  remove,
}: {
  draft: VariantDraft;
  templates: readonly TemplateChoice[];
  attributes: readonly AttributeChoice[];
  isSandbox: boolean;
  problems: readonly StepProblem[];
  onChange: (changed: Partial<VariantDraft>) => void;
  remove?: ReactNode;
}) {
  const t = useTranslations("builder");
  const headingId = useId();
  const { key, templateId, rules, link } = draft;
  const template = templates.find(({ id }) => id === templateId);
  const isMissing = problems.some(({ code }) => code === "template_missing") && !templateId;
  const wrongLink = link.trim() === "" ? undefined : linkProblem(link.trim(), { isSandbox });
  return (
    <section aria-labelledby={headingId} className="border-t border-line py-5">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-3">
        <h3 id={headingId}>
          <VariantTag variant={key} name={t(key === "A" ? "variants.control" : "variants.variant")} small />
        </h3>
        {remove}
      </div>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <SelectField
          name={`template.${key}`}
          label={t("variants.template")}
          placeholder={t("variants.chooseTemplate")}
          className="sm:col-span-2"
          value={templateId ?? ""}
          onChange={(event) => onChange({ templateId: event.currentTarget.value || null })}
          error={isMissing && t("problems.template_missing")}
          hint={template ? <TemplateFacts template={template} /> : templates.length === 0 && t("variants.noTemplates")}
          options={templates.map(({ id, name, language, status }) => ({
            value: id,
            label:
              status === "APPROVED" ? `${name} · ${language}` : t("variants.notApproved", { name, language, status }),
          }))}
        />
        {template?.needs.places.map((place) => (
          <PlaceFields
            key={place}
            variant={key}
            place={place}
            rule={rules[place] ?? emptyRule}
            attributes={attributes}
            onChange={(rule) => onChange({ rules: { ...rules, [place]: rule } })}
          />
        ))}
        {template && template.needs.linkButtons.length > 0 && (
          <TextField
            name={`link.${key}`}
            type="url"
            inputMode="url"
            label={t("variants.link")}
            placeholder="https://"
            className="sm:col-span-2"
            maxLength={2_000}
            value={link}
            onChange={(event) => onChange({ link: event.currentTarget.value })}
            error={wrongLink && t(`links.${wrongLink}`)}
            hint={t("variants.linkHint")}
          />
        )}
      </div>
    </section>
  );
}

function TemplateFacts({ template: { category, language, quality, status, hasOptOut } }: { template: TemplateChoice }) {
  const t = useTranslations("builder");
  const campaigns = useTranslations("campaigns");
  const formats = useFormats();
  const rated = quality === "GREEN" || quality === "YELLOW" || quality === "RED" ? quality : "UNKNOWN";
  return [
    status === "APPROVED" ? t("variants.approved") : status,
    categoryText(category, campaigns),
    formats.language(language),
    t(`variants.quality.${rated}`),
    t(hasOptOut ? "variants.hasOptOut" : "variants.lacksOptOut"),
  ].join(" · ");
}

/** `{{1}}` of the body: whose value stands there, and what stands there for people who lack it. */
function PlaceFields({
  variant,
  place,
  rule,
  attributes,
  onChange,
}: {
  variant: string;
  place: string;
  rule: RuleDraft;
  attributes: readonly AttributeChoice[];
  onChange: (rule: RuleDraft) => void;
}) {
  const t = useTranslations("builder");
  const [part, name] = place.split(".");
  const variable = `{{${name}}}`;
  const label = t(part === "header" ? "variants.inHeader" : "variants.inBody", { variable });
  return (
    <>
      <SelectField
        name={`value.${variant}.${place}`}
        label={label}
        placeholder={t("variants.chooseValue")}
        value={rule.source}
        onChange={(event) => onChange({ ...rule, source: event.currentTarget.value })}
        hint={rule.source === "" && t("variants.valueMissing")}
        options={[
          { value: "name", label: t("variants.name") },
          ...attributes.map(({ key, label: attribute }) => ({ value: `attribute:${key}`, label: attribute })),
          { value: "text", label: t("variants.fixedText") },
        ]}
      />
      {rule.source === "text" ? (
        <TextField
          name={`text.${variant}.${place}`}
          label={t("variants.textFor", { variable })}
          maxLength={200}
          value={rule.text}
          error={rule.text.trim() === "" && t("variants.textMissing")}
          onChange={(event) => onChange({ ...rule, text: event.currentTarget.value })}
        />
      ) : (
        <TextField
          name={`fallback.${variant}.${place}`}
          label={t("variants.fallbackFor", { variable })}
          hint={t("variants.fallbackHint")}
          maxLength={200}
          value={rule.fallback}
          onChange={(event) => onChange({ ...rule, fallback: event.currentTarget.value })}
        />
      )}
    </>
  );
}
