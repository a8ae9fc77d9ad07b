"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { unpause } from "../actions";

/** Asks Meta to lift a pause; whatever it answers is said. */
export function UnpauseButton({ templateId }: { templateId: string }) {
  const t = useTranslations("templates.unpause");
  return (
    <ConfirmButton
      size="small"
      label={t("label")}
      title={t("title")}
      confirmLabel={t("label")}
      action={() => unpause({ templateId })}
    >
      <p>{t("text")}</p>
    </ConfirmButton>
  );
}
