"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { ReasonButton } from "../reason-button.client";
import { takeConsentLog } from "./actions";

/** The list as a file. It asks why; the checksum stays on the page, as the admin log has it, to tell the file by. */
export function TakeLog({ query }: { query: Readonly<Record<string, string>> }) {
  const t = useTranslations("officer");
  const formats = useFormats();
  const [taken, setTaken] = useState<{ rows: number; sha256: string }>();
  return (
    <div className="grid justify-items-start gap-2">
      <ReasonButton
        size="small"
        label={t("consentLog.take")}
        title={t("consentLog.takeTitle")}
        confirmLabel={t("consentLog.takeConfirm")}
        action={(reason) => takeConsentLog({ query, reason })}
        onDone={({ text, rows, sha256 }) => {
          save(text);
          setTaken({ rows, sha256 });
        }}
      >
        {t("consentLog.takeText")}
      </ReasonButton>
      {taken && (
        <p role="status" className="note break-all">
          {t("consentLog.taken", {
            count: taken.rows,
            countText: formats.integer(taken.rows),
            sha256: taken.sha256,
          })}
        </p>
      )}
    </div>
  );
}

/** Hands the text to the browser as a file, without an address that could be shared. */
function save(text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "consent-log.csv";
  link.click();
  URL.revokeObjectURL(url);
}
