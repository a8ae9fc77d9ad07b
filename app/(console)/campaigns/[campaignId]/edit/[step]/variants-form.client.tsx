"use client";

import { Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { SelectField, SplitField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Answer, Section } from "@/app/_ui/page";
import { VariantTag } from "@/app/_ui/variant";
import { type CampaignVariant, variantKeys } from "@/lib/campaigns/campaign";
import type { StepProblem } from "@/lib/campaigns/completeness";
import type { Formats } from "@/lib/i18n/formats";
import { saveVariants } from "../../../actions";
import type { ChangeNames } from "../../changes";
import { useAutosave } from "./autosave.client";
import { ComparisonTable } from "./comparison-table.client";
import { ConflictDialog } from "./conflict-dialog.client";
import { PreviewPane } from "./preview-pane.client";
import {
  type AttributeChoice,
  type ComparedPart,
  changedParts,
  draftOf,
  mappingOf,
  type TemplateChoice,
  type VariantDraft,
  variantOf,
} from "./variant-draft";
import { VariantFields } from "./variant-fields.client";

export interface VariantsInput {
  numberId: string | null;
  variants: CampaignVariant[];
}

const FULL = 100;

/** Step 3: what each variant says, to how many. The preview shows what is on the screen, saved or not. */
export function VariantsForm({
  kept,
  keptVersion,
  numbers,
  templates,
  attributes,
  isSandbox,
  toBeSent,
  problems,
  people,
  names,
  totals,
}: {
  kept: VariantsInput;
  keptVersion: number;
  numbers: readonly { id: string; displayNumber: string; verifiedName: string }[];
  templates: readonly TemplateChoice[];
  attributes: readonly AttributeChoice[];
  isSandbox: boolean;
  /** People who will be written to; null while the audience is not chosen. */
  toBeSent: number | null;
  problems: readonly StepProblem[];
  people: readonly { id: string; name: string }[];
  names: ChangeNames;
  totals: ReactNode;
}) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const [numberId, setNumberId] = useState(kept.numberId);
  const [drafts, setDrafts] = useState(() => kept.variants.map((one) => draftOf(one, formats)));
  const templateOf = (id: string | null) => templates.find((template) => template.id === id);
  const read = drafts.map((draft) => variantOf(draft, templateOf(draft.templateId), formats));
  const variants = read.filter((one) => one !== null);
  const conflict = useAutosave<VariantsInput>({
    input: variants.length === drafts.length ? { numberId, variants } : null,
    kept,
    keptVersion,
    save: saveVariants,
    take(theirs) {
      setNumberId(theirs.numberId);
      setDrafts(theirs.variants.map((one) => draftOf(one, formats)));
    },
  });
  const change = (
    key: VariantDraft["key"],
    changed: Partial<VariantDraft> | ((before: VariantDraft) => Partial<VariantDraft>),
  ) =>
    setDrafts((all) =>
      all.map((draft) => {
        if (draft.key !== key) return draft;
        return { ...draft, ...(typeof changed === "function" ? changed(draft) : changed) };
      }),
    );
  const offered = templates.filter((template) => numberId === null || template.numberId === numberId);
  const [controlDraft] = drafts;
  const control = templateOf(controlDraft?.templateId ?? null);
  const differing = drafts.slice(1).map((draft) => {
    const template = templateOf(draft.templateId);
    const mapping = mappingOf(draft, template, formats.settings.timeZone);
    const parts =
      control && controlDraft && template
        ? changedParts(
            { components: control.components, mapping: mappingOf(controlDraft, control, formats.settings.timeZone) },
            { components: template.components, mapping },
          )
        : [];
    return { key: draft.key, parts };
  });
  const several = differing.filter(({ parts }) => parts.length > 1).map(({ key }) => key);
  return (
    <>
      <div>
        <ConflictDialog conflict={conflict} people={people} names={names} />
        <Answer as="h2" tight>
          {variantsAnswer(drafts, differing, { t, formats })}
        </Answer>
        {several.length > 0 && (
          <div className="mb-6">
            <Banner tone="warn">{t("variants.several", { variants: formats.list(several) })}</Banner>
          </div>
        )}
        {numbers.length !== 1 && (
          <Section title={t("variants.sender")} note={t("variants.senderNote")} wide>
            <SelectField
              name="numberId"
              label={t("variants.number")}
              placeholder={t("variants.chooseNumber")}
              error={problems.some(({ code }) => code === "number_missing") && t("problems.number_missing")}
              hint={numbers.length === 0 && t("variants.noNumber")}
              value={numberId ?? ""}
              onChange={(event) => setNumberId(event.currentTarget.value || null)}
              options={numbers.map(({ id, verifiedName, displayNumber }) => ({
                value: id,
                label: `${verifiedName} · ${displayNumber}`,
              }))}
            />
          </Section>
        )}
        {drafts.map((draft, index) => (
          <VariantFields
            key={draft.key}
            draft={draft}
            templates={offered}
            attributes={attributes}
            isSandbox={isSandbox}
            problems={problems.filter(({ variant }) => variant === draft.key)}
            onChange={(changed) => change(draft.key, changed)}
            remove={
              drafts.length > 1 && index === drafts.length - 1 ? (
                <Button look="quiet" size="small" onClick={() => setDrafts(drafts.slice(0, -1))}>
                  <Trash2 aria-hidden />
                  {t("variants.remove", { variant: draft.key })}
                </Button>
              ) : undefined
            }
          />
        ))}
        {drafts.length < variantKeys.length && (
          <p className="border-t border-line py-5">
            <Button size="small" onClick={() => setDrafts([...drafts, nextDraft(drafts)])}>
              <Plus aria-hidden />
              {t("variants.add", { variant: variantKeys[drafts.length] ?? "" })}
            </Button>
          </p>
        )}
        <Section title={t("variants.split")} note={t("variants.splitNote")} wide>
          <Split drafts={drafts} toBeSent={toBeSent} onChange={change} />
        </Section>
        {drafts.length > 1 && control && (
          <Section title={t("variants.compare")} note={t("variants.compareNote")} wide>
            <ComparisonTable
              columns={drafts.map(({ key, templateId }) => ({ key, components: templateOf(templateId)?.components }))}
            />
          </Section>
        )}
      </div>
      <aside className="builder-side" aria-label={t("side")}>
        <PreviewPane
          drafts={drafts}
          templates={templates}
          attributes={attributes}
          sender={numbers.find(({ id }) => id === numberId)?.verifiedName ?? numbers[0]?.verifiedName ?? ""}
        />
        {totals}
      </aside>
    </>
  );
}

type Say = ReturnType<typeof useTranslations<"builder">>;

function variantsAnswer(
  drafts: readonly VariantDraft[],
  differing: readonly { key: string; parts: readonly ComparedPart[] }[],
  { t, formats }: { t: Say; formats: Formats },
): string {
  const missing = drafts.filter(({ templateId }) => !templateId).map(({ key }) => key);
  if (missing.length > 0) return t("variants.answerMissing", { variants: formats.list(missing) });
  if (drafts.length === 1) return t("variants.answerOne");
  const same = differing.filter(({ parts }) => parts.length === 0).map(({ key }) => key);
  if (same.length > 0) return t("variants.answerSame", { variants: formats.list(same), count: same.length });
  const sentences = differing.map(({ key, parts }) =>
    t("variants.answerChanges", {
      variant: key,
      parts: formats.list(parts.map((part) => t(`variants.parts.${part}`))),
    }),
  );
  return sentences.join(" ");
}

/** One number a variant; the sum is said, and anything but 100 is an error that the step list repeats. */
function Split({
  drafts,
  toBeSent,
  onChange,
}: {
  drafts: readonly VariantDraft[];
  toBeSent: number | null;
  onChange: (key: VariantDraft["key"], changed: Partial<VariantDraft>) => void;
}) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const shares = drafts.map(({ weight }) => (weight.trim() === "" ? 0 : formats.parseNumber(weight)));
  const isReadable = shares.every((share) => share !== undefined && share >= 0 && share <= FULL);
  const sum = Math.round(shares.reduce<number>((total, share) => total + (share ?? 0), 0) * 100) / 100;
  const sumText = formats.decimal(sum, Number.isInteger(sum) ? 0 : 2);
  const keys = formats.list(drafts.map(({ key }) => key));
  const error = !isReadable
    ? t("variants.splitUnreadable")
    : sum !== FULL
      ? t("variants.splitWrong", { variants: keys, count: drafts.length, sumText })
      : undefined;
  return (
    <SplitField
      name="split"
      label={t("variants.splitLabel")}
      sum={t("variants.splitSum")}
      error={error}
      rows={drafts.map(({ key, weight }, index) => {
        const count = Math.round(((toBeSent ?? 0) * (shares[index] ?? 0)) / FULL);
        return {
          key,
          label: <VariantTag variant={key} />,
          accessibleLabel: t("variants.shareOf", { variant: key }),
          value: weight,
          note: toBeSent === null ? undefined : t("people", { count, countText: formats.integer(count) }),
        };
      })}
      onChange={(key, text) => {
        const draft = drafts.find((one) => one.key === key);
        if (draft) onChange(draft.key, { weight: text });
      }}
    />
  );
}

/** The next letter begins as a copy of the last one, with nobody in it yet: shares are the person's to give. */
function nextDraft(drafts: readonly VariantDraft[]): VariantDraft {
  const last = drafts.at(-1);
  return {
    key: variantKeys[drafts.length] ?? "H",
    templateId: last?.templateId ?? null,
    weight: "0",
    link: last?.link ?? "",
    rules: last?.rules ?? {},
  };
}
