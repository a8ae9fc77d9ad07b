"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { draw } from "./actions";

/** Draws a sample; the seed is kept before anybody sees a record. */
export function DrawForm({ suggested }: { suggested: string }) {
  const t = useTranslations("officer");
  const errors = useTranslations("errors");
  const [state, send] = useActionState(draw, null);
  const fields = state && !state.ok ? state.fields : {};
  const isGeneral = state !== null && !state.ok && Object.keys(fields).length === 0;
  return (
    <form action={send} className="grid max-w-measure gap-4" noValidate>
      {isGeneral && <Banner tone="bad">{state.code === "not_found" ? t("sample.nothing") : errors(state.code)}</Banner>}
      <TextField
        name="size"
        inputMode="numeric"
        autoComplete="off"
        label={t("sample.size")}
        hint={t("sample.sizeHint", { suggested })}
        className="w-full sm:w-56"
        error={fields.size && t("sample.sizeWrong")}
      />
      <TextField
        name="seed"
        autoComplete="off"
        spellCheck={false}
        label={t("sample.seed")}
        hint={t("sample.seedHint")}
        maxLength={64}
        error={fields.seed && t("sample.seedWrong")}
      />
      <div>
        <SubmitButton pendingText={t("sample.drawing")}>{t("sample.draw")}</SubmitButton>
      </div>
    </form>
  );
}
