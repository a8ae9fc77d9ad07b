"use client";

import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Dialog } from "@/app/_ui/overlays.client";
import { differences } from "@/lib/campaigns/edit";
import type { Json } from "@/lib/ledger/verifier";
import { type ChangeNames, changeText } from "../../changes";
import type { Conflict } from "./autosave.client";

/** Somebody saved this step in between: who, when, field by field, and whose version stays. Nothing is lost silently. */
export function ConflictDialog<I extends object>({
  conflict,
  people,
  names,
}: {
  conflict: Conflict<I> | undefined;
  people: readonly { id: string; name: string }[];
  names: ChangeNames;
}) {
  const t = useTranslations("builder");
  const campaigns = useTranslations("campaigns");
  const formats = useFormats();
  if (!conflict) return null;
  const { changedBy, changedAt, mine, theirs, keepMine, takeTheirs } = conflict;
  const name = people.find(({ id }) => id === changedBy)?.name ?? t("conflict.somebody");
  const changes = differences(plain(theirs), plain(mine)).map((change) =>
    changeText(change, { names, t: campaigns, formats }),
  );
  return (
    <Dialog
      isAlert
      isOpen
      onOpenChange={() => undefined}
      title={t("conflict.title", { name, when: formats.time(changedAt) })}
      actions={
        <>
          <Button onClick={takeTheirs}>{t("conflict.takeTheirs", { name })}</Button>
          <Button look="primary" onClick={keepMine}>
            {t("conflict.keepMine")}
          </Button>
        </>
      }
    >
      <p className="text-muted">{t("conflict.text")}</p>
      <dl className="mt-4 grid gap-3">
        {changes.map((change) => (
          <div key={change.field}>
            <dt className="font-medium">{change.label}</dt>
            <dd>
              <span className="note">{t("conflict.theirs", { name })}</span> {change.from}
            </dd>
            <dd>
              <span className="note">{t("conflict.mine")}</span> {change.to}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** As the history keeps it: variants by their letter, so that they are compared one by one. */
function plain(value: object): Json {
  const { variants, ...rest } = value as { variants?: { key: string }[] }; // the only list among the steps' inputs
  return JSON.parse(
    JSON.stringify(variants ? { ...rest, variants: Object.fromEntries(variants.map((one) => [one.key, one])) } : rest),
  );
}
