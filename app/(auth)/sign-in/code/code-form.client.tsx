"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { TextField } from "@/app/_ui/fields";
import { useCodeRefusal } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { prove } from "../actions";

export function CodeForm({ from }: { from?: string }) {
  const t = useTranslations("factor");
  const refusal = useCodeRefusal();
  const [result, send] = useActionState(prove, null);
  return (
    <form action={send} className="grid gap-4">
      {from && <input type="hidden" name="from" value={from} />}
      <TextField
        name="code"
        label={t("step.code")}
        hint={t("step.hint")}
        error={result && !result.ok ? refusal(result.code) : undefined}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={32}
        required
      />
      <div>
        <SubmitButton pendingText={t("step.pending")}>{t("step.submit")}</SubmitButton>
      </div>
    </form>
  );
}
