"use client";

import { useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { enter } from "./actions";

const MINUTE_SECONDS = 60;

export function SignInForm({ from }: { from?: string }) {
  const t = useTranslations("auth");
  const [result, send] = useActionState(enter, null);
  const [email, setEmail] = useState("");

  function refusal(): string | undefined {
    if (!result || result.ok) return undefined;
    if (result.code === "invalid_input") return t("errors.missing");
    if (result.code === "invalid_credentials") return t("errors.invalid_credentials");
    if (result.code !== "too_many_attempts") return t("errors.other");
    const seconds = Number(result.params.retryAfterSeconds);
    const minutes = Math.ceil(seconds / MINUTE_SECONDS);
    const wait =
      seconds < MINUTE_SECONDS
        ? t("errors.seconds", { count: seconds, countText: String(seconds) })
        : t("errors.minutes", { count: minutes, countText: String(minutes) });
    return t("errors.too_many_attempts", { wait });
  }
  const message = refusal();
  return (
    <form action={send} className="grid gap-4">
      {message && <Banner tone="bad">{message}</Banner>}
      {from && <input type="hidden" name="from" value={from} />}
      <TextField
        name="email"
        type="email"
        label={t("signIn.email")}
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextField
        name="password"
        type="password"
        label={t("signIn.password")}
        autoComplete="current-password"
        required
      />
      <div>
        <SubmitButton pendingText={t("signIn.pending")}>{t("signIn.submit")}</SubmitButton>
      </div>
    </form>
  );
}
