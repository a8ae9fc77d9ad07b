"use client";

import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl/react";
import { Callout } from "@/app/_ui/banner";
import { SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { VariantTag } from "@/app/_ui/variant";
import type { StepProblem } from "@/lib/campaigns/completeness";
import { linkProblem } from "@/lib/campaigns/links";
import { foreseeRefusal } from "@/lib/templates/foresee";
import type { MediaKind } from "@/lib/templates/media";
import type { PlaceKind } from "@/lib/templates/parameters";
import { leadsToPreferences } from "@/lib/templates/preference-place";
import { templateLimits } from "@/lib/whatsapp/template-problem";
import { MediaField } from "../../../../templates/editor/media-field.client";
import { messageProblemText } from "../../../../templates/message-problem-text";
import { categoryText } from "../../../sentences";
import {
  type AttributeChoice,
  emptyRule,
  mappingOf,
  type RuleDraft,
  rulesOf,
  type TemplateChoice,
  type VariantDraft,
} from "./variant-draft";

/** Of a value in a text; Meta refuses what is too long once it is filled in. */
const MOST_CHARACTERS = 1_024;

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
  onChange: (changed: Partial<VariantDraft> | ((before: VariantDraft) => Partial<VariantDraft>)) => void;
  remove?: ReactNode;
}) {
  const t = useTranslations("builder");
  const templateWords = useTranslations("templates");
  const formats = useFormats();
  const headingId = useId();
  const { key, templateId, link } = draft;
  const template = templates.find(({ id }) => id === templateId);
  const shownRules = rulesOf(draft, template);
  const refused =
    template &&
    foreseeRefusal({
      components: template.components,
      parameterFormat: template.parameterFormat,
      mapping: mappingOf(draft, template, formats.settings.timeZone),
    });
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
            kind={template.needs.kinds[place] ?? "text"}
            rule={shownRules[place] ?? emptyRule}
            attributes={attributes}
            onChange={(changed) =>
              onChange((before) => ({
                rules: { ...before.rules, [place]: { ...(before.rules[place] ?? emptyRule), ...changed } },
              }))
            }
          />
        ))}
        {refused && (
          <div className="sm:col-span-2">
            <Callout tone="bad">{messageProblemText(refused, templateWords, formats)}</Callout>
          </div>
        )}
        {template && leadsToPreferences(template.components) && (
          <p className="note sm:col-span-2">{t("variants.preferences")}</p>
        )}
        {template && (template.needs.linkButtons.length > 0 || template.needs.hasCardLinks) && (
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

interface PlaceFieldsProps {
  variant: string;
  place: string;
  rule: RuleDraft;
  attributes: readonly AttributeChoice[];
  /** What changes; an upload that ends late touches nothing else. */
  onChange: (changed: Partial<RuleDraft>) => void;
}

/** What stands in one place of the message, by the kind of value that it takes. */
function PlaceFields({ kind, ...props }: PlaceFieldsProps & { kind: PlaceKind }) {
  switch (kind) {
    case "image":
    case "video":
    case "document":
      return <FileFields kind={kind} {...props} />;
    case "location":
      return <LocationFields {...props} />;
    case "moment":
      return <MomentField {...props} />;
    default:
      return <TextFields isCode={kind === "code"} {...props} />;
  }
}

/** `{{1}} of the body`, `card 2: image`: what a place is called. */
function usePlaceName(place: string): string {
  const t = useTranslations("builder.variants");
  const formats = useFormats();
  const [, card, rest = place] = /^card\.(\d+)\.(.*)$/.exec(place) ?? [];
  const [part, name = ""] = rest.split(".");
  const own = nameInMessage(part, name, t);
  return card === undefined ? own : t("inCard", { number: formats.integer(Number(card) + 1), place: own });
}

function nameInMessage(
  part: string | undefined,
  name: string,
  t: ReturnType<typeof useTranslations<"builder.variants">>,
): string {
  if (part === "offer") return t("offerEnds");
  if (part === "button") return t("coupon");
  if (name === "media") return t("headerFile");
  if (name === "location") return t("headerPlace");
  return t(part === "header" ? "inHeader" : "inBody", { variable: `{{${name}}}` });
}

/** Whose value stands there, and what stands there for people who lack it; a code is nobody's name. */
function TextFields({ variant, place, rule, attributes, isCode, onChange }: PlaceFieldsProps & { isCode: boolean }) {
  const t = useTranslations("builder");
  const variable = usePlaceName(place);
  const most = isCode ? templateLimits.code : MOST_CHARACTERS;
  return (
    <>
      <SelectField
        name={`value.${variant}.${place}`}
        label={variable}
        placeholder={t("variants.chooseValue")}
        value={rule.source}
        onChange={(event) => onChange({ source: event.currentTarget.value })}
        hint={rule.source === "" && t("variants.valueMissing")}
        options={[
          ...(isCode ? [] : [{ value: "name", label: t("variants.name") }]),
          ...attributes.map(({ key, label: attribute }) => ({ value: `attribute:${key}`, label: attribute })),
          { value: "text", label: t(isCode ? "variants.fixedCode" : "variants.fixedText") },
        ]}
      />
      {rule.source === "text" ? (
        <TextField
          name={`text.${variant}.${place}`}
          label={t("variants.textFor", { variable })}
          maxLength={most}
          value={rule.text}
          error={rule.text.trim() === "" && t("variants.textMissing")}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      ) : (
        <TextField
          name={`fallback.${variant}.${place}`}
          label={t("variants.fallbackFor", { variable })}
          hint={t("variants.fallbackHint")}
          maxLength={most}
          value={rule.fallback}
          onChange={(event) => onChange({ fallback: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** A file of ours, or one that Meta fetches from an address. */
function FileFields({ variant, place, kind, rule, onChange }: PlaceFieldsProps & { kind: MediaKind }) {
  const t = useTranslations("builder.variants");
  const url = rule.url.trim();
  const isWrong = url !== "" && (!URL.canParse(url) || !url.startsWith("https://"));
  return (
    <fieldset className="grid items-start gap-5 sm:col-span-2 sm:grid-cols-2">
      <legend className="field-label mb-1.5">{usePlaceName(place)}</legend>
      <MediaField
        id={`file.${variant}.${place}`}
        kind={kind}
        file={rule.file}
        error={rule.file || url !== "" ? undefined : t("fileMissing")}
        onChange={(file) => onChange({ file, url: "" })}
      />
      <TextField
        name={`url.${variant}.${place}`}
        type="url"
        inputMode="url"
        label={t("fileAddress")}
        hint={t("fileAddressHint")}
        placeholder="https://"
        maxLength={2_000}
        error={isWrong && t("fileAddressWrong")}
        value={rule.url}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
      />
    </fieldset>
  );
}

function LocationFields({ variant, place, rule, onChange }: PlaceFieldsProps) {
  const t = useTranslations("builder.variants");
  const isWrong = (text: string, most: number) =>
    !/^-?\d{1,3}([.,]\d+)?$/.test(text.trim()) || Math.abs(Number(text.replace(",", "."))) > most;
  const field = (key: "latitude" | "longitude" | "placeName" | "address", error?: string | false) => (
    <TextField
      name={`${key}.${variant}.${place}`}
      label={t(`location.${key}`)}
      error={error}
      maxLength={300}
      value={rule[key]}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
      autoComplete="off"
    />
  );
  return (
    <fieldset className="grid items-start gap-5 sm:col-span-2 sm:grid-cols-2">
      <legend className="field-label mb-1.5">{usePlaceName(place)}</legend>
      {field("placeName", rule.placeName.trim() === "" && t("textMissing"))}
      {field("address", rule.address.trim() === "" && t("textMissing"))}
      {field("latitude", isWrong(rule.latitude, 90) && t("location.wrong"))}
      {field("longitude", isWrong(rule.longitude, 180) && t("location.wrong"))}
    </fieldset>
  );
}

function MomentField({ variant, place, rule, onChange }: PlaceFieldsProps) {
  const t = useTranslations("builder.variants");
  return (
    <TextField
      name={`moment.${variant}.${place}`}
      type="datetime-local"
      label={usePlaceName(place)}
      hint={t("offerEndsHint")}
      error={rule.moment === "" && t("momentMissing")}
      value={rule.moment}
      onChange={(event) => onChange({ moment: event.currentTarget.value })}
    />
  );
}
