"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { archive } from "./actions";

/** Takes a segment out of the lists; campaigns made of it keep their rule. */
export function ArchiveButton({ segmentId, name }: { segmentId: string; name: string }) {
  const t = useTranslations("audiences.archive");
  const router = useRouter();
  return (
    <ConfirmButton
      look="quiet"
      label={t("label")}
      title={t("title", { name })}
      confirmLabel={t("label")}
      confirmLook="danger"
      action={() => archive({ segmentId })}
      onDone={() => router.push("/audiences")}
    >
      <p>{t("text")}</p>
    </ConfirmButton>
  );
}
