"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { accept } from "./actions";

const passwordProblems = ["too_short", "too_long", "common"] as const;

export function AcceptForm({ token, email }: { token: string; email: string }) {
  const t = useTranslations("auth");
  const [result, send] = useActionState(accept, null);
  const refused = result && !result.ok ? result : undefined;
  const problem = passwordProblems.find((known) => known === refused?.fields.password);
  return (
    <form action={send} className="grid gap-4">
      {refused && !problem && (
        <Banner tone="bad">{refused.code === "not_found" ? t("accept.goneHeading") : t("errors.other")}</Banner>
      )}
      <input type="hidden" name="token" value={token} />
      {/* tells password managers whose password this is */}
      <input type="text" name="email" autoComplete="username" value={email} readOnly hidden />
      <TextField
        name="password"
        type="password"
        label={t("accept.password")}
        hint={t("accept.hint")}
        error={problem && t(`errors.${problem}`)}
        autoComplete="new-password"
        required
      />
      <div>
        <SubmitButton pendingText={t("accept.pending")}>{t("accept.submit")}</SubmitButton>
      </div>
    </form>
  );
}
