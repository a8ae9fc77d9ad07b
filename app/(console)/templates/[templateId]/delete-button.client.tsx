"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { remove } from "../actions";

/** Deletes one language of a template at Meta, after its name was typed: there is no way back for thirty days. */
export function DeleteButton({ templateId, name }: { templateId: string; name: string }) {
  const t = useTranslations("templates.remove");
  const router = useRouter();
  return (
    <ConfirmButton
      look="quiet"
      label={t("label")}
      title={t("title", { name })}
      confirmLabel={t("label")}
      confirmLook="danger"
      typed={name}
      action={() => remove({ templateId })}
      onDone={() => router.push("/templates")}
    >
      <p>{t("text")}</p>
    </ConfirmButton>
  );
}
