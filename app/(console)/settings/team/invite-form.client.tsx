"use client";

import { type ChangeEvent, useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { useStepUp } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { Role } from "@/lib/identity/actor";
import { invite } from "./actions";
import { LinkToPassOn } from "./link-to-pass-on.client";
import { refusalKey } from "./refusal";
import { RoleBoxes } from "./role-boxes.client";

/** What was typed stays when the server refuses, and goes when the link is made. */
const empty = { name: "", email: "" };

export function InviteForm({ given }: { given: readonly Role[] }) {
  const t = useTranslations("settings");
  const proved = useStepUp();
  const [typed, setTyped] = useState(empty);
  const [result, send] = useActionState<Awaited<ReturnType<typeof invite>> | null, FormData>(async (before, form) => {
    const outcome = await proved(invite)(before, form);
    if (outcome.ok) setTyped(empty);
    return outcome;
  }, null);
  const field = (name: keyof typeof empty) => ({
    name,
    id: `invite-${name}`,
    value: typed[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const refused = result && !result.ok ? result : undefined;
  const refusal = refused && refusalKey(refused);
  const missing = (field: "name" | "email" | "roles") => (refused?.fields[field] ? t(`errors.${field}`) : undefined);
  return (
    <form action={send} className="grid max-w-measure gap-4">
      {refusal && refusal !== "email_taken" && <Banner tone="bad">{t(`errors.${refusal}`)}</Banner>}
      <TextField {...field("name")} label={t("team.name")} error={missing("name")} autoComplete="off" required />
      <TextField
        {...field("email")}
        type="email"
        label={t("team.email")}
        error={refusal === "email_taken" ? t("errors.email_taken") : missing("email")}
        autoComplete="off"
        required
      />
      <RoleBoxes key={result?.ok ? result.data.url : "invite"} id="invite" given={given} error={missing("roles")} />
      <div>
        <SubmitButton pendingText={t("team.invitePending")}>{t("team.inviteSubmit")}</SubmitButton>
      </div>
      {result?.ok && <LinkToPassOn id="invite-link" link={result.data} />}
    </form>
  );
}
