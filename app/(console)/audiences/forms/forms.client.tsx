"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { type Choice, SelectField, TextField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { addKeyword, addTag, createForm, removeKeyword, setOpen } from "./actions";

type Refused = { ok: false; code: string; fields: Readonly<Record<string, string>> };

/** Sends a form and keeps what was typed when the server refuses: React would empty it. */
function useKept<R extends { ok: boolean } | null>(act: (before: R | null, form: FormData) => Promise<R>) {
  const [result, send, isPending] = useActionState<R | null, FormData>(act, null);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    startTransition(() => send(new FormData(form)));
  };
  return { result, isPending, onSubmit };
}

function useRefusal(result: { ok: boolean } | null) {
  const t = useTranslations("consents");
  const errors = useTranslations("errors");
  const refused = result && !result.ok ? (result as Refused) : undefined;
  const text = refused && errors(refused.code as Parameters<typeof errors>[0]);
  return {
    banner: refused && <Banner tone="bad">{text}</Banner>,
    of: (field: string) => (refused?.fields[field] ? t("forms.check") : undefined),
  };
}

/** A new form: for which purpose, what the team calls it, and how its address ends. */
export function NewForm({ purposes }: { purposes: readonly Choice[] }) {
  const t = useTranslations("consents");
  const { result, onSubmit } = useKept(createForm);
  const refusal = useRefusal(result);
  return (
    <form onSubmit={onSubmit} className="grid max-w-measure gap-4">
      {refusal.banner}
      <SelectField name="purposeId" label={t("forms.purpose")} options={purposes} error={refusal.of("purposeId")} />
      <TextField name="name" label={t("forms.name")} hint={t("forms.nameHint")} error={refusal.of("name")} required />
      <TextField
        name="slug"
        label={t("forms.slug")}
        hint={t("forms.slugHint")}
        error={refusal.of("slug")}
        autoComplete="off"
        required
      />
      <div>
        <SubmitButton look="primary">{t("forms.create")}</SubmitButton>
      </div>
    </form>
  );
}

/** Another place where a form is shown. */
export function NewTag({ formId }: { formId: string }) {
  const t = useTranslations("consents");
  const { result, onSubmit } = useKept(addTag);
  const refusal = useRefusal(result);
  return (
    <form key={result?.ok ? "added" : "new"} onSubmit={onSubmit} className="grid max-w-measure gap-4">
      {refusal.banner}
      <input type="hidden" name="formId" value={formId} />
      <TextField
        name="label"
        label={t("forms.place")}
        hint={t("forms.placeHint")}
        error={refusal.of("label")}
        required
      />
      <TextField
        name="tag"
        label={t("forms.tag")}
        hint={t("forms.tagHint")}
        error={refusal.of("tag")}
        autoComplete="off"
        required
      />
      <div>
        <SubmitButton look="default">{t("forms.addPlace")}</SubmitButton>
      </div>
    </form>
  );
}

/** Closes a form, or opens it again. */
export function OpenSwitch({ formId, isOpen }: { formId: string; isOpen: boolean }) {
  const t = useTranslations("consents");
  return (
    <ConfirmButton
      label={t(isOpen ? "forms.close" : "forms.open")}
      title={t(isOpen ? "forms.closeTitle" : "forms.openTitle")}
      confirmLabel={t(isOpen ? "forms.close" : "forms.open")}
      action={() => setOpen({ formId, isOpen: !isOpen })}
    >
      <p>{t(isOpen ? "forms.closeText" : "forms.openText")}</p>
    </ConfirmButton>
  );
}

/** A word that people write to agree, and the text that stands beside it. */
export function NewKeyword({ wordings }: { wordings: readonly Choice[] }) {
  const t = useTranslations("consents");
  const { result, onSubmit } = useKept(addKeyword);
  const refusal = useRefusal(result);
  return (
    <form key={result?.ok ? "added" : "new"} onSubmit={onSubmit} className="grid max-w-measure gap-4">
      {refusal.banner}
      <TextField
        name="keyword"
        label={t("keywords.word")}
        hint={t("keywords.wordHint")}
        error={refusal.of("keyword")}
        autoComplete="off"
        required
      />
      <SelectField
        name="wordingVersionId"
        label={t("keywords.wording")}
        hint={t("keywords.wordingHint")}
        options={wordings}
        error={refusal.of("wordingVersionId")}
      />
      <div>
        <SubmitButton look="default">{t("keywords.add")}</SubmitButton>
      </div>
    </form>
  );
}

export function RetireKeyword({ keywordId, keyword }: { keywordId: string; keyword: string }) {
  const t = useTranslations("consents");
  return (
    <ConfirmButton
      label={t("keywords.retire")}
      title={t("keywords.retireTitle", { keyword })}
      confirmLabel={t("keywords.retire")}
      action={() => removeKeyword({ keywordId })}
    >
      <p>{t("keywords.retireText")}</p>
    </ConfirmButton>
  );
}
