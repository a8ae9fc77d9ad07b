"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { decide } from "./actions";

/** Approve or refuse one version; whoever proposed it never sees these. */
export function DecideButtons({ versionId, number }: { versionId: string; number: string }) {
  const t = useTranslations("policies");
  return (
    <span className="flex flex-wrap gap-2">
      <ConfirmButton
        size="small"
        label={t("approve")}
        title={t("approveTitle", { number })}
        confirmLabel={t("approve")}
        action={() => decide({ versionId, decision: "approved" })}
      >
        {t("approveText")}
      </ConfirmButton>
      <ConfirmButton
        size="small"
        look="quiet"
        label={t("refuse")}
        title={t("refuseTitle", { number })}
        confirmLabel={t("refuse")}
        action={() => decide({ versionId, decision: "refused" })}
      >
        {t("refuseText")}
      </ConfirmButton>
    </span>
  );
}
