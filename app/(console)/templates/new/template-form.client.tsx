"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, FormErrors, RadioField, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { type DraftProblem, draftProblems } from "@/lib/templates/draft-problems";
import { previewTemplate } from "@/lib/whatsapp/components";
import { create } from "../actions";
import { shownMessage } from "../shown-message";
import { ButtonFields } from "./button-fields.client";
import { MessageFields } from "./message-fields.client";
import { OptOutLinter } from "./opt-out-linter.client";
import { componentsOf, examplePlaces, previewValues, type TemplateDraft } from "./template-draft";

export interface TemplateFormProps {
  numbers: readonly (Choice & { sender: string })[];
  languages: readonly Choice[];
  language: string;
  /** Our own address that counts clicks and leads on, ending in the person's code. */
  trackedLink: string;
}

type Part = DraftProblem["at"];

/** Writes a template with Meta's rules at hand and its look beside it; sends it to review once nothing is wrong. */
export function TemplateForm({ numbers, languages, language, trackedLink }: TemplateFormProps) {
  const t = useTranslations("templates");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const router = useRouter();
  const [draft, setDraft] = useState<TemplateDraft>({
    numberId: numbers[0]?.value ?? "",
    name: "",
    language,
    category: "MARKETING",
    header: "",
    body: "",
    footer: "",
    buttons: [],
    examples: {},
  });
  const [seen, setSeen] = useState<ReadonlySet<Part>>(new Set());
  const [isTried, setIsTried] = useState(false);
  const [refused, setRefused] = useState<Extract<ActionResult<unknown>, { ok: false }>>();
  const [isSending, send] = useTransition();

  const components = componentsOf(draft);
  const { name, category } = draft;
  const problems = draftProblems({
    name,
    language: draft.language,
    category,
    parameterFormat: "POSITIONAL",
    components,
  });
  const textOf = ({ code, limit }: { code: DraftProblem["code"]; limit?: number }) =>
    t(`problems.${code}`, { limitText: limit === undefined ? "" : formats.integer(limit) });
  const problemAt = (part: Part) => {
    const problem = problems.find(({ at, code }) => at === part && code !== "example_missing");
    return problem && (isTried || seen.has(part)) ? textOf(problem) : undefined;
  };
  const change = (next: Partial<TemplateDraft>, part?: Part) => {
    setDraft((before) => ({ ...before, ...next }));
    if (part) setSeen((before) => new Set(before).add(part));
  };

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setIsTried(true);
    if (isSending || problems.length > 0) return;
    send(async () => {
      const { numberId } = draft;
      const result = await create({ numberId, name, language: draft.language, category, components });
      setRefused(result.ok ? undefined : result);
      if (result.ok && result.data.kind === "created") router.push(`/templates/${result.data.templateId}`);
    });
  }
  const places = examplePlaces(draft);
  const sender = numbers.find(({ value }) => value === draft.numberId)?.sender ?? "";
  const shown = shownMessage(previewTemplate(components, previewValues(draft)), components);
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_344px]"
    >
      <div className="min-w-0">
        {isTried && (
          <FormErrors
            title={t("new.notSent")}
            errors={problems.map((problem) => ({
              field: fieldOf(problem, places[0]?.place),
              message: `${t(`parts.${problem.at}`)}. ${textOf(problem)}`,
            }))}
          />
        )}
        {refused && <Banner tone="bad">{refusalText(refused)}</Banner>}
        <Section title={t("new.what")} note={t("new.whatNote")}>
          <div className="grid max-w-measure gap-5">
            {numbers.length > 1 && (
              <SelectField
                name="numberId"
                label={t("new.number")}
                options={numbers}
                value={draft.numberId}
                onChange={(event) => change({ numberId: event.currentTarget.value })}
              />
            )}
            <TextField
              name="name"
              label={t("new.name")}
              hint={t("new.nameHint")}
              error={problemAt("name")}
              value={name}
              onChange={(event) => change({ name: event.currentTarget.value.toLowerCase().replace(/[\s-]+/g, "_") })}
              onBlur={() => name !== "" && change({}, "name")}
              autoComplete="off"
              spellCheck={false}
            />
            <SelectField
              name="language"
              label={t("new.language")}
              options={languages}
              value={draft.language}
              onChange={(event) => change({ language: event.currentTarget.value })}
            />
            <RadioField
              name="category"
              label={t("new.category")}
              value={category}
              onChange={(value) => change({ category: value === "UTILITY" ? "UTILITY" : "MARKETING" })}
              options={(["MARKETING", "UTILITY"] as const).map((value) => ({
                value,
                label: t(`category.${value}`),
                hint: t(`categoryNotes.${value}`),
              }))}
            />
          </div>
        </Section>
        <Section title={t("new.message")} note={t("new.messageNote")}>
          <MessageFields draft={draft} problemAt={problemAt} onChange={change} />
          {category === "MARKETING" && draft.body.trim() !== "" && (
            <OptOutLinter
              draft={draft}
              isMissing={problems.some(({ code }) => code === "opt_out_missing")}
              onChange={change}
            />
          )}
        </Section>
        <Section title={t("new.buttons")} note={t("new.buttonsNote")}>
          <ButtonFields
            buttons={draft.buttons}
            trackedLink={trackedLink}
            error={problemAt("buttons")}
            onChange={(buttons) => change({ buttons }, undefined)}
          />
        </Section>
        {places.length > 0 && (
          <Section title={t("new.examples")} note={t("new.examplesNote")}>
            <div className="grid max-w-measure gap-4 sm:grid-cols-2">
              {places.map(({ place, name: variable, part }) => (
                <TextField
                  key={place}
                  name={`example-${place}`}
                  label={
                    part === "button"
                      ? t("new.exampleLink", { name: variable })
                      : t(part === "header" ? "one.placeHeader" : "one.placeBody", { name: `{{${variable}}}` })
                  }
                  error={isTried && !draft.examples[place]?.trim() && t("problems.example_missing")}
                  value={draft.examples[place] ?? ""}
                  onChange={(event) => change({ examples: { ...draft.examples, [place]: event.currentTarget.value } })}
                  autoComplete="off"
                />
              ))}
            </div>
          </Section>
        )}
        <div className="flex flex-wrap items-center gap-3 border-t border-line py-5">
          <Button type="submit" look="primary" aria-busy={isSending || undefined}>
            {isSending ? t("new.sending") : t("new.send")}
          </Button>
          <span className="note">{t("new.reviewNote")}</span>
        </div>
      </div>
      <aside aria-label={t("new.preview")} className="builder-side grid-cols-[minmax(0,1fr)] content-start">
        <PhonePreview message={shown} sender={sender} label={t("new.preview")} />
      </aside>
    </form>
  );

  function refusalText({ code, params }: Extract<ActionResult<unknown>, { ok: false }>): string {
    return code === "template_rejected"
      ? t("new.rejected", { detail: String(params.detail ?? params.metaCode ?? "").replace(/\.+$/, "") })
      : errors(code);
  }
}

/** Where the summary's link leads: the field that a problem belongs to. */
function fieldOf({ at, code }: DraftProblem, firstExample: string | undefined): string | undefined {
  if (code === "example_missing") return firstExample && `example-${firstExample}`;
  if (code === "opt_out_missing") return "footer";
  return at === "components" || at === "category" ? undefined : at;
}
