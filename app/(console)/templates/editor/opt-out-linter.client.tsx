"use client";

import { useTranslations } from "use-intl/react";
import { Callout } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import type { TemplateDraft } from "@/lib/templates/draft";
import { isPreferenceLink } from "@/lib/templates/preference-place";

/** Says whether readers can say no to more, and offers the usual ways in the template's own language. */
export function OptOutLinter({
  draft,
  isMissing,
  preferencesLink,
  onChange,
}: {
  draft: TemplateDraft;
  isMissing: boolean;
  preferencesLink: string;
  onChange: (change: Partial<TemplateDraft>) => void;
}) {
  const t = useTranslations("templates.optOut");
  const language = draft.language.startsWith("es") ? "es" : "en";
  const leads = draft.buttons.some(({ kind, target }) => kind === "url" && isPreferenceLink(target));
  const replies = draft.buttons.findLastIndex(({ kind }) => kind === "reply") + 1;
  return (
    <div className="mt-5 max-w-measure" aria-live="polite">
      <Callout tone={isMissing ? "bad" : "ok"}>
        <p>{t(isMissing ? "lacksText" : "hasText")}</p>
        {!leads && (
          <div className="mt-2 flex flex-wrap gap-2">
            {isMissing &&
              !draft.offer.isOn && ( // an offer has no footer
                <Button size="small" onClick={() => onChange({ footer: t(`footer.${language}`) })}>
                  {t("addFooter")}
                </Button>
              )}
            {isMissing && (
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
            )}
            <Button
              size="small"
              look={isMissing ? "default" : "quiet"}
              onClick={() => {
                const id = crypto.randomUUID();
                const button = {
                  id,
                  kind: "url" as const,
                  text: t(`preferences.${language}`),
                  target: preferencesLink,
                };
                // Meta wants to see an ending; the real one is each person's own.
                const examples = { ...draft.examples, [`button.${id}`]: "ejemplo" };
                onChange({ buttons: [...draft.buttons, button], examples });
              }}
            >
              {t("addPreferences")}
            </Button>
          </div>
        )}
      </Callout>
    </div>
  );
}
