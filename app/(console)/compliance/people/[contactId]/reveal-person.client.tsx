"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { KeyValue } from "@/app/_ui/page";
import { ReasonButton } from "../../reason-button.client";
import { reveal } from "../actions";

type Revealed = Extract<Awaited<ReturnType<typeof reveal>>, { ok: true }>["data"];

const kinds = ["phone", "wa_id", "bsuid", "parent_bsuid", "email", "external"] as const;

/** Name and identifiers in clear, after a reason. They stay on the screen until one leaves the page, and nowhere else. */
export function RevealPerson({ contactId }: { contactId: string }) {
  const t = useTranslations("officer");
  const [person, setPerson] = useState<Revealed>();
  const kindText = (kind: string) => {
    const known = kinds.find((one) => one === kind);
    return known ? t(`reveal.kinds.${known}`) : kind;
  };
  return (
    <div aria-live="polite" className="grid gap-3">
      {person ? (
        <KeyValue
          left
          rows={[
            { label: t("reveal.name"), value: person.name ?? t("reveal.noName") },
            ...person.identifiers.map(({ kind, value, isFormer }) => ({
              label: isFormer ? t("reveal.former", { kind: kindText(kind) }) : kindText(kind),
              value: <span className="num break-all">{value}</span>,
            })),
          ]}
        />
      ) : (
        <div>
          <ReasonButton
            label={t("reveal.open")}
            title={t("reveal.openTitle")}
            confirmLabel={t("reveal.open")}
            action={(reason) => reveal({ contactId, reason })}
            onDone={setPerson}
          >
            {t("reveal.openText")}
          </ReasonButton>
        </div>
      )}
    </div>
  );
}
