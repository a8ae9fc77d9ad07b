"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { SelectField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { VariantTag } from "@/app/_ui/variant";
import { phoneMessage } from "./preview-message";
import { type AttributeChoice, mappingOf, type TemplateChoice, type VariantDraft } from "./variant-draft";

const samples = ["usual", "long", "short", "missing"] as const;
type Sample = (typeof samples)[number];

/** A variant on a phone, for people of different kinds: a long name, and somebody about whom nothing is known. */
export function PreviewPane({
  drafts,
  templates,
  attributes,
  sender,
}: {
  drafts: readonly VariantDraft[];
  templates: readonly TemplateChoice[];
  attributes: readonly AttributeChoice[];
  sender: string;
}) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const [chosen, setChosen] = useState<string>("A");
  const [sample, setSample] = useState<Sample>("usual");
  const draft = drafts.find(({ key }) => key === chosen) ?? drafts[0];
  const template = templates.find(({ id }) => id === draft?.templateId);
  const subject = {
    name: sample === "missing" ? null : t(`samples.names.${sample}`),
    attributes: sample === "missing" ? {} : Object.fromEntries(attributes.map(({ key, label }) => [key, `«${label}»`])),
  };
  if (!draft) return null;
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <fieldset className="flex">
          <legend className="sr-only">{t("samples.variant")}</legend>
          {drafts.map(({ key }) => (
            <label
              key={key}
              className="-ml-px cursor-pointer border border-control px-3 py-1.5 first-of-type:rounded-l last-of-type:rounded-r has-checked:bg-surface-2 has-focus-visible:outline-2"
            >
              <input
                type="radio"
                name="previewed"
                value={key}
                className="sr-only"
                checked={key === draft.key}
                onChange={() => setChosen(key)}
              />
              <VariantTag variant={key} />
            </label>
          ))}
        </fieldset>
        <SelectField
          name="sample"
          label={t("samples.label")}
          value={sample}
          onChange={(event) => setSample(samples.find((one) => one === event.currentTarget.value) ?? "usual")}
          options={samples.map((one) => ({ value: one, label: t(`samples.${one}`) }))}
        />
      </div>
      {template ? (
        <PhonePreview
          sender={sender}
          label={t("samples.preview", { variant: draft.key })}
          message={phoneMessage(
            {
              components: template.components,
              parameterFormat: template.parameterFormat,
              mapping: mappingOf(draft, template, formats.settings.timeZone),
            },
            subject,
          )}
        />
      ) : (
        <p className="note">{t("samples.none", { variant: draft.key })}</p>
      )}
    </div>
  );
}
