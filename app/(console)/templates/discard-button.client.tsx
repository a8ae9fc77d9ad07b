"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { discard } from "./actions";

/** Throws away what was written; nothing changes at Meta. */
export function DiscardButton({ draftId, name }: { draftId: string; name: string }) {
  const t = useTranslations("templates.drafts");
  return (
    <ConfirmButton
      look="quiet"
      size="small"
      label={t("discard")}
      title={t("discardTitle", { name })}
      confirmLabel={t("discard")}
      confirmLook="danger"
      action={() => discard({ draftId })}
    >
      <p>{t("discardText")}</p>
    </ConfirmButton>
  );
}
