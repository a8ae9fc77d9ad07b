"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { Role } from "@/lib/identity/actor";
import { invite } from "./actions";
import { LinkToPassOn } from "./link-to-pass-on.client";
import { refusalKey } from "./refusal";
import { RoleBoxes } from "./role-boxes.client";

export function InviteForm({ given }: { given: readonly Role[] }) {
  const t = useTranslations("settings");
  const [result, send] = useActionState(invite, null);
  const refused = result && !result.ok ? result : undefined;
  const refusal = refused && refusalKey(refused);
  const missing = (field: "name" | "email" | "roles") => (refused?.fields[field] ? t(`errors.${field}`) : undefined);
  return (
    <form action={send} className="grid max-w-measure gap-4">
      {refusal && refusal !== "email_taken" && <Banner tone="bad">{t(`errors.${refusal}`)}</Banner>}
      <TextField
        name="name"
        id="invite-name"
        label={t("team.name")}
        error={missing("name")}
        autoComplete="off"
        required
      />
      <TextField
        name="email"
        id="invite-email"
        type="email"
        label={t("team.email")}
        error={refusal === "email_taken" ? t("errors.email_taken") : missing("email")}
        autoComplete="off"
        required
      />
      <RoleBoxes id="invite" given={given} error={missing("roles")} />
      <div>
        <SubmitButton pendingText={t("team.invitePending")}>{t("team.inviteSubmit")}</SubmitButton>
      </div>
      {result?.ok && <LinkToPassOn id="invite-link" link={result.data} />}
    </form>
  );
}
