"use client";

import { useTranslations } from "use-intl/react";
import { useToast } from "@/app/_ui/toast.client";
import type { RequestRemoval } from "@/lib/consent/suppression";
import { ReasonButton } from "../reason-button.client";
import { SecondPerson } from "../second-person.client";
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

export function SignRemoval({ removalId }: { removalId: string }) {
  const t = useTranslations("officer");
  return (
    <SecondPerson
      does={{
        label: t("removal.lift"),
        title: t("removal.liftTitle"),
        text: t("removal.liftText"),
        action: () => signRemoval({ removalId, decision: "lifted" }),
      }}
      keeps={{
        label: t("removal.keep"),
        title: t("removal.keepTitle"),
        text: t("removal.keepText"),
        action: () => signRemoval({ removalId, decision: "refused" }),
      }}
    />
  );
}
