"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, FormErrors, RadioField, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { useToast } from "@/app/_ui/toast.client";
import { componentsOf, previewValues, type TemplateDraft, ttlSecondsOf } from "@/lib/templates/draft";
import { type DraftProblem, draftProblems } from "@/lib/templates/draft-problems";
import { templateCategories } from "@/lib/templates/template";
import { withMetaTexts } from "@/lib/whatsapp/authentication-texts";
import { previewTemplate } from "@/lib/whatsapp/components";
import { keepDraft, submit } from "../actions";
import { shownMessage } from "../shown-message";
import { ButtonFields } from "./button-fields.client";
import { CardFields } from "./card-fields.client";
import { CodeFields } from "./code-fields.client";
import type { ChangeDraft, Part, ProblemAt } from "./draft-change";
import { ExampleFields } from "./example-fields.client";
import { HeaderFields } from "./header-fields.client";
import { MessageFields } from "./message-fields.client";
import { OfferFields } from "./offer-fields.client";
import { OptOutLinter } from "./opt-out-linter.client";

export interface TemplateFormProps {
  draft: TemplateDraft;
  /** `tdr_…` of a draft that is kept already. */
  draftId?: string;
  /** `tpl_…` of the template that is changed: then its name, language and, once approved, category stand. */
  edited?: { templateId: string; isApproved: boolean };
  numbers: readonly (Choice & { sender: string })[];
  languages: readonly Choice[];
  /** Our own address that counts clicks and leads on, ending in the person's code. */
  trackedLink: string;
  /** The address of the page where people choose what they get, ending in what names each of them. */
  preferencesLink: string;
}

interface Refusal {
  code: Parameters<ReturnType<typeof useTranslations<"errors">>>[0];
  detail: string | null;
}

/** Writes a template with Meta's rules at hand and its look beside it; sends it to review once nothing is wrong. */
export function TemplateForm({
  draft: first,
  draftId,
  edited,
  numbers,
  languages,
  trackedLink,
  preferencesLink,
}: TemplateFormProps) {
  const t = useTranslations("templates");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const router = useRouter();
  const toast = useToast();
  const [draft, setDraft] = useState<TemplateDraft>(first);
  const [keptId, setKeptId] = useState(draftId);
  const [seen, setSeen] = useState<ReadonlySet<Part>>(new Set());
  const [isTried, setIsTried] = useState(false);
  const [refused, setRefused] = useState<Refusal>();
  /** What only the account's other templates show: a name or a text that is taken. */
  const [taken, setTaken] = useState<readonly DraftProblem[]>([]);
  const [isSending, send] = useTransition();
  const [isKeeping, keep] = useTransition();

  const components = componentsOf(draft);
  const { name, category, language, parameterFormat } = draft;
  const ttlSeconds = ttlSecondsOf(draft);
  const problems = [...draftProblems({ name, language, category, parameterFormat, components, ttlSeconds }), ...taken];
  const textOf = ({ code, limit }: { code: DraftProblem["code"]; limit?: number }) =>
    t(`problems.${code}`, { limitText: limit === undefined ? "" : formats.integer(limit) });
  const problemAt: ProblemAt = (part, card) => {
    const problem = problems.find(
      (one) => one.at === part && ("card" in one ? one.card : undefined) === card && !isSaidAtExample(one),
    );
    return problem && (isTried || seen.has(part)) ? textOf(problem) : undefined;
  };
  const change: ChangeDraft = (next, part) => {
    setDraft((before) => ({ ...before, ...(typeof next === "function" ? next(before) : next) }));
    setTaken([]);
    if (part) setSeen((before) => new Set(before).add(part));
  };
  const input = () => ({ content: draft, draftId: keptId, templateId: edited?.templateId });

  function submitForm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setIsTried(true);
    if (isSending || problems.length > 0) return;
    send(async () => {
      const result = await submit(input());
      if (!result.ok) return setRefused({ code: result.code, detail: null });
      const { data } = result;
      if (data.kind === "submitted") return router.push(`/templates/${data.templateId}`);
      setKeptId(data.draftId);
      if (data.kind === "invalid") setTaken(data.problems);
      else setRefused({ code: data.code, detail: data.detail });
    });
  }
  function keepForLater() {
    if (isKeeping) return;
    keep(async () => {
      const result = await keepDraft(input());
      if (!result.ok) return toast({ text: errors(result.code), isError: true });
      setKeptId(result.data.draftId);
      toast({ text: t("drafts.kept") });
    });
  }
  const sender = numbers.find(({ value }) => value === draft.numberId)?.sender ?? "";
  const shown = withMetaTexts(components, category, language);
  const preview = previewTemplate(shown, previewValues(draft));
  return (
    <form
      onSubmit={submitForm}
      noValidate
      className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_344px]"
    >
      <div className="min-w-0">
        {isTried && (
          <FormErrors
            title={t("new.notSent")}
            errors={problems.map((problem) => ({ field: fieldOf(problem, draft), message: sentenceOf(problem) }))}
          />
        )}
        {refused && (
          <Banner tone="bad">
            {refused.detail ? t("new.rejected", { detail: refused.detail.replace(/\.+$/, "") }) : errors(refused.code)}{" "}
            {keptId && t("drafts.nothingLost")}
          </Banner>
        )}
        <Section title={t("new.what")} note={t("new.whatNote")}>
          <Facts
            draft={draft}
            edited={edited}
            numbers={numbers}
            languages={languages}
            problemAt={problemAt}
            onChange={change}
          />
        </Section>
        {category === "AUTHENTICATION" ? (
          <Section title={t("code.title")} note={t("code.note")}>
            <CodeFields draft={draft} problemAt={problemAt} onChange={change} />
          </Section>
        ) : (
          <MessageParts
            draft={draft}
            problems={problems}
            trackedLink={trackedLink}
            preferencesLink={preferencesLink}
            isTried={isTried}
            problemAt={problemAt}
            onChange={change}
          />
        )}
        <div className="flex flex-wrap items-center gap-3 border-t border-line py-5">
          <Button type="submit" look="primary" aria-busy={isSending || undefined}>
            {isSending ? t("new.sending") : t(edited ? "edit.send" : "new.send")}
          </Button>
          <Button onClick={keepForLater} aria-busy={isKeeping || undefined}>
            {isKeeping ? t("drafts.keeping") : t("drafts.keep")}
          </Button>
          <span className="note">{t("new.reviewNote")}</span>
        </div>
      </div>
      <aside aria-label={t("new.preview")} className="builder-side grid-cols-[minmax(0,1fr)] content-start">
        <PhonePreview message={shownMessage(preview, filesOf(draft))} sender={sender} label={t("new.preview")} />
      </aside>
    </form>
  );

  function sentenceOf(problem: DraftProblem): string {
    const isOfCode = category === "AUTHENTICATION" && (problem.at === "footer" || problem.at === "buttons");
    const part = t(`parts.${isOfCode ? "code" : problem.at}`);
    const card = "card" in problem && problem.card !== undefined ? ` ${formats.integer(problem.card + 1)}` : "";
    return `${part}${card}. ${textOf(problem)}`;
  }
}

/** What people write themselves: header, text, buttons, offer, cards, and an example of every variable. */
function MessageParts({
  draft,
  problems,
  trackedLink,
  preferencesLink,
  isTried,
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  problems: readonly DraftProblem[];
  trackedLink: string;
  preferencesLink: string;
  isTried: boolean;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const { category } = draft;
  return (
    <>
      <Section title={t("new.header")} note={t("new.headerNote")}>
        <HeaderFields draft={draft} problemAt={problemAt} onChange={onChange} />
      </Section>
      <Section title={t("new.message")} note={t("new.messageNote")}>
        <MessageFields draft={draft} problemAt={problemAt} onChange={onChange} />
        {category === "MARKETING" && draft.body.trim() !== "" && (
          <OptOutLinter
            draft={draft}
            isMissing={problems.some(({ code }) => code === "opt_out_missing")}
            preferencesLink={preferencesLink}
            onChange={onChange}
          />
        )}
      </Section>
      <Section title={t("new.buttons")} note={t("new.buttonsNote")}>
        <ButtonFields
          id="buttons"
          buttons={draft.buttons}
          trackedLink={trackedLink}
          error={problemAt("buttons")}
          onChange={(buttons) => onChange({ buttons })}
        />
      </Section>
      {category === "MARKETING" && (
        <>
          <Section title={t("offer.title")} note={t("offer.note")}>
            <OfferFields draft={draft} problemAt={problemAt} onChange={onChange} />
          </Section>
          <Section title={t("cards.title")} note={t("cards.note")}>
            <CardFields draft={draft} trackedLink={trackedLink} problemAt={problemAt} onChange={onChange} />
          </Section>
        </>
      )}
      <ExampleFields draft={draft} isTried={isTried} onChange={onChange} />
    </>
  );
}

/** What it is: number, name, language, category, variables, how long Meta tries. */
function Facts({
  draft,
  edited,
  numbers,
  languages,
  problemAt,
  onChange,
}: Pick<TemplateFormProps, "edited" | "numbers" | "languages"> & {
  draft: TemplateDraft;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const { name, category } = draft;
  return (
    <div className="grid max-w-measure gap-5">
      {numbers.length > 1 && !edited && (
        <SelectField
          name="numberId"
          label={t("new.number")}
          options={numbers}
          value={draft.numberId}
          onChange={(event) => onChange({ numberId: event.currentTarget.value })}
        />
      )}
      {!edited && (
        <>
          <TextField
            name="name"
            label={t("new.name")}
            hint={t("new.nameHint")}
            error={problemAt("name")}
            value={name}
            onChange={(event) => onChange({ name: event.currentTarget.value.toLowerCase().replace(/[\s-]+/g, "_") })}
            onBlur={() => name !== "" && onChange({}, "name")}
            autoComplete="off"
            spellCheck={false}
          />
          <SelectField
            name="language"
            label={t("new.language")}
            error={problemAt("language")}
            options={languages}
            value={draft.language}
            onChange={(event) => onChange({ language: event.currentTarget.value })}
          />
        </>
      )}
      {edited?.isApproved ? (
        <p className="note">{t("edit.categoryStays", { category: t(`category.${category}`) })}</p>
      ) : (
        <RadioField
          name="category"
          label={t("new.category")}
          value={category}
          onChange={(value) => {
            const chosen = templateCategories.find((one) => one === value) ?? "MARKETING";
            // The one variable of a code is Meta's, and numbered.
            onChange({ category: chosen, ...(chosen === "AUTHENTICATION" && { parameterFormat: "POSITIONAL" }) });
          }}
          options={templateCategories.map((value) => ({
            value,
            label: t(`category.${value}`),
            hint: t(`categoryNotes.${value}`),
          }))}
        />
      )}
      {!edited && category !== "AUTHENTICATION" && (
        <RadioField
          name="parameterFormat"
          label={t("new.variables")}
          value={draft.parameterFormat}
          onChange={(value) => onChange({ parameterFormat: value === "NAMED" ? "NAMED" : "POSITIONAL" })}
          options={(["POSITIONAL", "NAMED"] as const).map((value) => ({
            value,
            label: t(`new.variableKinds.${value}`),
            hint: t(`new.variableNotes.${value}`),
          }))}
        />
      )}
      <TextField
        name="ttl"
        label={t(category === "AUTHENTICATION" ? "new.ttlAuthentication" : "new.ttl")}
        hint={t(`new.ttlHints.${category}`)}
        error={problemAt("ttl")}
        inputMode="decimal"
        value={category === "AUTHENTICATION" ? draft.code.ttlMinutes : draft.ttlHours}
        onChange={({ currentTarget: { value } }) =>
          onChange(
            category === "AUTHENTICATION" ? { code: { ...draft.code, ttlMinutes: value } } : { ttlHours: value },
            "ttl",
          )
        }
        autoComplete="off"
      />
    </div>
  );
}

/** A missing example of a text is said at the example's own field; of a file, at the file. */
function isSaidAtExample({ code, at }: DraftProblem): boolean {
  return code === "example_missing" && (at === "body" || at === "buttons");
}

/** Where the summary's link leads: the field that a problem belongs to. */
function fieldOf({ at, code }: DraftProblem, { headerKind }: TemplateDraft): string | undefined {
  if (code === "opt_out_missing") return "footer";
  if (code === "example_missing" && (at === "body" || at === "buttons" || (at === "header" && headerKind === "text")))
    return "examples";
  return at === "components" || at === "category" ? undefined : at;
}

function filesOf({ file, headerKind, cards }: TemplateDraft) {
  const own = headerKind === "image" || headerKind === "video" || headerKind === "document" ? file : null;
  return { header: own, cards: cards.map((card) => card.file) };
}
