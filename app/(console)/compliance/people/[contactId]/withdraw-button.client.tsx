"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { TextAreaField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import { withdraw } from "../actions";

/** Registers that the person wants no more messages. It works at once, also for what is already planned. */
export function WithdrawButton({ contactId }: { contactId: string }) {
  const t = useTranslations("compliance");
  const toast = useToast();
  const [note, setNote] = useState("");
  return (
    <ConfirmButton
      label={t("person.withdraw")}
      title={t("person.withdrawTitle")}
      confirmLabel={t("person.withdrawConfirm")}
      confirmLook="danger"
      action={() => withdraw({ contactId, note })}
      onDone={() => {
        setNote("");
        toast({ text: t("person.withdrawn") });
      }}
    >
      <p className="mb-4">{t("person.withdrawText")}</p>
      <TextAreaField
        name="note"
        label={t("person.withdrawNote")}
        hint={t("person.withdrawHint")}
        required
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ConfirmButton>
  );
}
