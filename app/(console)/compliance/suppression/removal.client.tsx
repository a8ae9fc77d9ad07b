"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import type { RequestRemoval } from "@/lib/consent/suppression";
import { ReasonButton } from "../reason-button.client";
import { askRemoval, signRemoval } from "./actions";

/** The first of two people asks that a block end. */
export function AskRemoval({ contactId, kind }: { contactId: string; kind: RequestRemoval["kind"] }) {
  const t = useTranslations("officer");
  const toast = useToast();
  return (
    <ReasonButton
      size="small"
      look="quiet"
      label={t("removal.ask")}
      title={t("removal.askTitle")}
      confirmLabel={t("removal.askConfirm")}
      action={(reason) => askRemoval({ contactId, kind, reason })}
      onDone={() => toast({ text: t("removal.asked") })}
    >
      {t("removal.askText")}
    </ReasonButton>
  );
}

/** The second decides; whoever asked never sees these. */
export function SignRemoval({ removalId }: { removalId: string }) {
  const t = useTranslations("officer");
  return (
    <span className="flex flex-wrap gap-2">
      <ConfirmButton
        size="small"
        label={t("removal.lift")}
        title={t("removal.liftTitle")}
        confirmLabel={t("removal.lift")}
        confirmLook="danger"
        action={() => signRemoval({ removalId, decision: "lifted" })}
      >
        {t("removal.liftText")}
      </ConfirmButton>
      <ConfirmButton
        size="small"
        look="quiet"
        label={t("removal.keep")}
        title={t("removal.keepTitle")}
        confirmLabel={t("removal.keep")}
        action={() => signRemoval({ removalId, decision: "refused" })}
      >
        {t("removal.keepText")}
      </ConfirmButton>
    </span>
  );
}
