"use client";

import { useTranslations } from "use-intl/react";
import type { OpeningScope } from "@/lib/identity/key-scopes";

/** One box for each thing a program may do. What this person may not give stays visible and says who gives it. */
export function ScopeBoxes({
  offered,
  given,
  ticked,
  onTick,
  error,
}: {
  offered: readonly OpeningScope[];
  given: readonly OpeningScope[];
  ticked: readonly OpeningScope[];
  onTick: (ticked: readonly OpeningScope[]) => void;
  error?: string;
}) {
  const t = useTranslations("settings.apiKeys");
  return (
    <fieldset className="field" id="key-scopes" tabIndex={-1} aria-describedby={error && "key-scopes-error"}>
      <legend className="field-label mb-1.5">{t("scopesLabel")}</legend>
      {offered.map((scope) => (
        <label key={scope} className="choice">
          <input
            type="checkbox"
            name="scopes[]"
            value={scope}
            checked={ticked.includes(scope)}
            onChange={({ currentTarget }) =>
              onTick(currentTarget.checked ? [...ticked, scope] : ticked.filter((other) => other !== scope))
            }
            disabled={!given.includes(scope)}
          />
          <span>
            {t(`scopes.${scope}`)}
            <span className="note block">
              <span className="mono break-all">{scope}</span>
              {!given.includes(scope) && ` · ${t(`givers.${scope}`)}`}
            </span>
          </span>
        </label>
      ))}
      {error && (
        <div className="field-error" id="key-scopes-error">
          {error}
        </div>
      )}
    </fieldset>
  );
}
