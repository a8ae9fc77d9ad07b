"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { endKey } from "./actions";

/** Ends a key at once, after asking. */
export function EndKey({ keyId, name }: { keyId: string; name: string }) {
  const t = useTranslations("settings.apiKeys");
  return (
    <ConfirmButton
      size="small"
      label={
        <>
          {t("revoke")} <span className="sr-only">{name}</span>
        </>
      }
      title={t("revokeTitle", { name })}
      confirmLabel={t("revokeConfirm")}
      confirmLook="danger"
      action={() => endKey({ keyId })}
    >
      <p>{t("revokeText")}</p>
    </ConfirmButton>
  );
}
