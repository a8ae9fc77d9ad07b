"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { SelectField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { requestKinds } from "@/lib/rights/request";
import { openRequestOf } from "../actions";

/** Opens a request of this person about their own data; its clock runs from now. */
export function NewRequest({ contactId }: { contactId: string }) {
  const t = useTranslations("officer");
  const [kind, setKind] = useState<(typeof requestKinds)[number]>("access");
  return (
    <ConfirmButton
      label={t("newRequest.open")}
      title={t("newRequest.title")}
      confirmLabel={t("newRequest.confirm")}
      action={() => openRequestOf({ contactId, kind })}
    >
      <p className="mb-4">{t("newRequest.text")}</p>
      <SelectField
        name="requestKind"
        label={t("newRequest.kind")}
        value={kind}
        options={requestKinds.map((value) => ({ value, label: t(`newRequest.kinds.${value}`) }))}
        onChange={(event) => setKind(requestKinds.find((one) => one === event.currentTarget.value) ?? "access")}
      />
    </ConfirmButton>
  );
}
