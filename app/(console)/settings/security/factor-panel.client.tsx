"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { FactorSetup, RecoveryCodes } from "@/app/_ui/factor-setup.client";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { beginFactor, confirmCode } from "../../../(auth)/sign-in/actions";
import { remove, renewCodes } from "./actions";

/** Sets the app up; where there is one, says since when. What was just set up stays until its codes are kept. */
export function FactorPanel({ since, mayRemove }: { since?: string; mayRemove: boolean }) {
  const t = useTranslations("factor");
  const [wasOn] = useState(since !== undefined);
  const [isRemoved, setIsRemoved] = useState(false);
  if (!wasOn || isRemoved) return <FactorSetup begin={beginFactor} confirm={confirmCode} next="/" />;
  return (
    <div className="grid gap-3">
      <p>{since}</p>
      {mayRemove && (
        <div>
          <ConfirmButton
            label={t("settings.remove")}
            title={t("settings.removeTitle")}
            confirmLabel={t("settings.remove")}
            confirmLook="danger"
            action={() => remove({})}
            onDone={() => setIsRemoved(true)}
          >
            <p>{t("settings.removeText")}</p>
          </ConfirmButton>
        </div>
      )}
    </div>
  );
}

export function RecoveryPanel() {
  const t = useTranslations("factor");
  const [codes, setCodes] = useState<readonly string[]>();
  async function renew() {
    const result = await renewCodes({});
    if (result.ok) setCodes(result.data);
    return result;
  }
  return (
    <div className="mt-3 grid gap-4">
      {codes && <RecoveryCodes codes={codes} />}
      <div>
        <ConfirmButton
          label={t("settings.renew")}
          title={t("settings.renewTitle")}
          confirmLabel={t("settings.renew")}
          action={renew}
        >
          <p>{t("settings.renewText")}</p>
        </ConfirmButton>
      </div>
    </div>
  );
}
