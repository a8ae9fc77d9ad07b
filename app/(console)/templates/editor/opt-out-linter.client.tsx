"use client";

import { useTranslations } from "use-intl/react";
import { Callout } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import type { TemplateDraft } from "@/lib/templates/draft";

/** Says whether readers can say no to more, and offers the two usual ways in the template's own language. */
export function OptOutLinter({
  draft,
  isMissing,
  onChange,
}: {
  draft: TemplateDraft;
  isMissing: boolean;
  onChange: (change: Partial<TemplateDraft>) => void;
}) {
  const t = useTranslations("templates.optOut");
  const language = draft.language.startsWith("es") ? "es" : "en";
  const replies = draft.buttons.findLastIndex(({ kind }) => kind === "reply") + 1;
  return (
    <div className="mt-5 max-w-measure" aria-live="polite">
      <Callout tone={isMissing ? "bad" : "ok"}>
        <p>{t(isMissing ? "lacksText" : "hasText")}</p>
        {isMissing && (
          <div className="mt-2 flex flex-wrap gap-2">
            {!draft.offer.isOn && ( // an offer has no footer
              <Button size="small" onClick={() => onChange({ footer: t(`footer.${language}`) })}>
                {t("addFooter")}
              </Button>
            )}
            <Button
              size="small"
              onClick={() => {
                const button = {
                  id: crypto.randomUUID(),
                  kind: "reply" as const,
                  text: t(`button.${language}`),
                  target: "",
                };
                onChange({ buttons: draft.buttons.toSpliced(replies, 0, button) });
              }}
            >
              {t("addButton")}
            </Button>
          </div>
        )}
      </Callout>
    </div>
  );
}
