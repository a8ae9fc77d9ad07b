"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { type Choice, SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { open } from "./actions";

/** Who asks for what, and since when. Found, it leads to the request. */
export function NewRequest({ kinds, today }: { kinds: readonly Choice[]; today: string }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [opened, send] = useActionState(open, null);
  const error = opened && (opened.ok ? t("new.nobody") : errors(opened.code));
  return (
    <form action={send} className="grid max-w-measure gap-4">
      <TextField
        name="text"
        label={t("new.identifier")}
        hint={t("new.identifierHint")}
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={320}
        error={error || undefined}
      />
      <SelectField name="kind" label={t("new.kind")} options={kinds} />
      <TextField
        name="receivedOn"
        type="date"
        label={t("new.receivedOn")}
        hint={t("new.receivedHint")}
        defaultValue={today}
        max={today}
        required
      />
      <TextAreaField
        name="words"
        label={t("new.words")}
        hint={t("new.wordsHint")}
        autoComplete="off"
        rows={4}
        maxLength={2000}
      />
      <div>
        <SubmitButton pendingText={t("new.opening")}>{t("new.open")}</SubmitButton>
      </div>
    </form>
  );
}
