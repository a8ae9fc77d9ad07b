"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { findPerson } from "./actions";

/** Exact phone number, e-mail address or external id leads to the person's page; Meta's id of a message, to its proof. */
export function PersonSearch() {
  const t = useTranslations("compliance");
  const errors = useTranslations("errors");
  const [found, find] = useActionState(findPerson, null);
  const error =
    found && (found.ok ? t("people.nobody") : found.fields.text ? t("people.unreadable") : errors(found.code));
  return (
    <form action={find} className="grid max-w-measure gap-4">
      <TextField
        name="text"
        label={t("people.identifier")}
        hint={t("people.identifierHint")}
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={500}
        error={error || undefined}
      />
      <div>
        <SubmitButton look="primary" pendingText={t("people.searching")}>
          {t("people.find")}
        </SubmitButton>
      </div>
    </form>
  );
}
