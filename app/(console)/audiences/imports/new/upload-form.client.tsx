"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, FileField, SelectField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Progress } from "@/app/_ui/progress";
import { type SentFile, sendFile } from "./send-file";

type Refusal = "noFile" | "unreadable" | "tooLarge" | "expired" | "forbidden" | "broken";

/** Chooses a file, for which purpose and from which country; sends it and goes on to its columns. */
export function UploadForm({
  countries,
  country,
  purposes,
}: {
  countries: readonly Choice[];
  country: string;
  purposes: readonly Choice[];
}) {
  const t = useTranslations("imports");
  const formats = useFormats();
  const router = useRouter();
  const [sent, setSent] = useState<number>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isLeaving, leave] = useTransition();
  const isBusy = sent !== undefined || isLeaving;

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    if (!(file instanceof File) || file.size === 0) return setRefusal("noFile");
    setRefusal(undefined);
    setSent(0);
    const answer = await sendFile({
      file,
      country: String(form.get("country")),
      purposeId: String(form.get("purposeId")),
      onProgress: setSent,
    });
    if (answer.kind === "taken") leave(() => router.push(`/audiences/imports/${answer.importId}`));
    else {
      setSent(undefined);
      setRefusal(refusalOf(answer));
    }
  }

  return (
    <form onSubmit={send} className="grid max-w-measure gap-5" noValidate>
      {refusal && refusal !== "noFile" && <Banner tone="bad">{t(`new.refused.${refusal}`)}</Banner>}
      <FileField
        name="file"
        label={t("new.file")}
        hint={t("new.fileHint")}
        error={refusal === "noFile" && t("new.refused.noFile")}
        accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
        onChange={() => setRefusal(undefined)}
        required
      />
      <SelectField
        name="country"
        label={t("new.country")}
        hint={t("new.countryHint")}
        options={countries}
        defaultValue={country}
      />
      <SelectField name="purposeId" label={t("new.purpose")} hint={t("new.purposeHint")} options={purposes} />
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" aria-busy={isBusy || undefined}>
          {isBusy ? t("new.sending") : t("new.send")}
        </Button>
        {isBusy && (
          <span className="flex items-center gap-3" role="status">
            <Progress
              label={t("new.sending")}
              value={Math.round((sent ?? 1) * 100)}
              max={100}
              valueText={formats.percent(sent ?? 1, 0)}
            />
            <span className="note">{sent === 1 || isLeaving ? t("new.reading") : formats.percent(sent ?? 0, 0)}</span>
          </span>
        )}
      </div>
      <p className="note">{t("new.kept")}</p>
    </form>
  );
}

function refusalOf(answer: Exclude<SentFile, { kind: "taken" }>): Refusal {
  if (answer.kind === "broken") return "broken";
  switch (answer.code) {
    case "import_unreadable":
      return "unreadable";
    case "too_large":
      return "tooLarge";
    case "session_expired":
      return "expired";
    case "forbidden":
      return "forbidden";
    default:
      return "broken";
  }
}
