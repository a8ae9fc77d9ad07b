"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { type Role, roles } from "@/lib/identity/actor";

/**
 * One box a role, each with what it opens. A role that this person may not give stays visible and says who gives it.
 * The boxes keep what was ticked when the server refuses: React empties a form that was sent.
 */
export function RoleBoxes({
  id,
  given,
  held = [],
  error,
}: {
  id: string;
  given: readonly Role[];
  held?: readonly Role[];
  error?: string;
}) {
  const t = useTranslations("settings");
  const [ticked, setTicked] = useState<readonly Role[]>(held);
  const tick = (role: Role, isTicked: boolean) =>
    setTicked((before) => (isTicked ? [...before, role] : before.filter((other) => other !== role)));
  return (
    <fieldset className="field" id={`${id}-roles`} tabIndex={-1} aria-describedby={error && `${id}-roles-error`}>
      <legend className="field-label mb-1.5">{t("team.roles")}</legend>
      {roles.map((role) => (
        <label key={role} className="choice">
          <input
            type="checkbox"
            name="roles[]"
            value={role}
            checked={ticked.includes(role)}
            onChange={(event) => tick(role, event.currentTarget.checked)}
            disabled={!given.includes(role)}
          />
          <span>
            {t(`roles.${role}`)}
            <span className="note block">
              {t(`roleNotes.${role}`)}
              {!given.includes(role) && ` · ${t("team.ownersOnly")}`}
            </span>
          </span>
        </label>
      ))}
      {error && (
        <div className="field-error" id={`${id}-roles-error`}>
          {error}
        </div>
      )}
    </fieldset>
  );
}
