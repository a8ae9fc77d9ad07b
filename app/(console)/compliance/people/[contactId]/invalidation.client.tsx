"use client";

import { useTranslations } from "use-intl/react";
import { useStepUp } from "@/app/_ui/step-up.client";
import { useToast } from "@/app/_ui/toast.client";
import { ReasonButton } from "../../reason-button.client";
import { SecondPerson } from "../../second-person.client";
import { askInvalidation, signInvalidation } from "../actions";

/** The first of two officers says why a consent is not valid. */
export function AskInvalidation({
  contactId,
  purposeId,
  purposeName,
}: {
  contactId: string;
  purposeId: string;
  purposeName: string;
}) {
  const t = useTranslations("officer");
  const toast = useToast();
  return (
    <ReasonButton
      size="small"
      look="quiet"
      label={t("invalidation.ask")}
      title={t("invalidation.askTitle", { purpose: purposeName })}
      confirmLabel={t("invalidation.askConfirm")}
      action={(reason) => askInvalidation({ contactId, purposeId, reason })}
      onDone={() => toast({ text: t("invalidation.asked") })}
    >
      {t("invalidation.askText")}
    </ReasonButton>
  );
}

export function SignInvalidation({
  contactId,
  invalidationId,
  purposeName,
}: {
  contactId: string;
  invalidationId: string;
  purposeName: string;
}) {
  const t = useTranslations("officer");
  const proved = useStepUp();
  const decide = (decision: "invalidated" | "refused") => () =>
    proved(signInvalidation)({ contactId, invalidationId, decision });
  return (
    <SecondPerson
      does={{
        label: t("invalidation.sign"),
        title: t("invalidation.signTitle", { purpose: purposeName }),
        text: t("invalidation.signText"),
        action: decide("invalidated"),
      }}
      keeps={{
        label: t("invalidation.keep"),
        title: t("invalidation.keepTitle"),
        text: t("invalidation.keepText"),
        action: decide("refused"),
      }}
    />
  );
}
