import type { ShownWording } from "@/lib/consent/queries/get-opt-in-form";
import type { Translator } from "@/lib/i18n/translator";

const rows = [
  "controllerAddress",
  "controllerContact",
  "recipients",
  "storage",
  "retention",
  "withdrawal",
  "rights",
  "authority",
] as const;

/** Who treats the data and how, as published with the text: nothing is written here that the organisation has not said. */
export function NoticeDetails({ wording, t }: { wording: ShownWording; t: Translator<"public"> }) {
  const told = rows.flatMap((key) => (wording.notice[key] ? [{ key, text: wording.notice[key] }] : []));
  return (
    <details>
      <summary className="cursor-pointer py-2">{t("notice.title")}</summary>
      <dl className="grid gap-2 py-2" lang={wording.language}>
        <div>
          <dt className="note">{t("notice.controller")}</dt>
          <dd className="m-0">{wording.controller}</dd>
        </div>
        {told.map(({ key, text }) => (
          <div key={key}>
            <dt className="note">{t(`notice.${key}`)}</dt>
            <dd className="m-0">{text}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href={wording.privacyNoticeUrl} rel="noreferrer">
          {t("notice.privacy")}
        </a>
      </p>
    </details>
  );
}
