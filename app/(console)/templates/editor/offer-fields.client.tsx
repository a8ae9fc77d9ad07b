"use client";

import { useTranslations } from "use-intl/react";
import { CheckboxField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import type { TemplateDraft } from "@/lib/templates/draft";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";
import type { ChangeDraft, ProblemAt } from "./draft-change";

/** A limited-time offer: a line above the text, and a countdown when it ends at a moment that each campaign sets. */
export function OfferFields({
  draft: { offer },
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const formats = useFormats();
  const set = (next: Partial<TemplateDraft["offer"]>) => onChange({ offer: { ...offer, ...next } }, "offer");
  return (
    <div className="grid max-w-measure gap-5">
      <CheckboxField
        name="offerIsOn"
        label={t("offer.isOn")}
        checked={offer.isOn}
        onChange={(event) => onChange({ offer: { ...offer, isOn: event.currentTarget.checked } })}
      />
      {offer.isOn && (
        <>
          <TextField
            name="offer"
            label={t("offer.text")}
            error={problemAt("offer")}
            hint={t("new.counter", {
              usedText: formats.integer(lengthOf(offer.text)),
              limitText: formats.integer(templateLimits.offer),
            })}
            value={offer.text}
            onChange={(event) => set({ text: event.currentTarget.value })}
            autoComplete="off"
          />
          <CheckboxField
            name="offerExpires"
            label={t("offer.expires")}
            hint={t("offer.expiresHint")}
            checked={offer.expires}
            onChange={(event) => set({ expires: event.currentTarget.checked })}
          />
        </>
      )}
    </div>
  );
}
