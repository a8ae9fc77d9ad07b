"use client";

import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { NumberField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useToast } from "@/app/_ui/toast.client";
import { changeCaps } from "./actions";

const fields = ["perDay", "perWeek", "perMonth", "spacingHours", "unreadLimit"] as const;
type Caps = Record<(typeof fields)[number], number | null>;

/** How often a person may get something for this purpose; an empty field asks nothing. */
export function CapsForm({ purposeId, name, caps }: { purposeId: string; name: string; caps: Caps }) {
  const t = useTranslations("purposes");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const toast = useToast();
  const [refused, setRefused] = useState<{ code: string; fields: Readonly<Record<string, string>> }>();
  const [isPending, start] = useTransition();
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const values = new FormData(event.currentTarget);
    const read = (field: string) => {
      const text = String(values.get(field) ?? "").trim();
      return text === "" ? null : (formats.parseNumber(text) ?? Number.NaN);
    };
    const [perDay, perWeek, perMonth, spacingHours, unreadLimit] = fields.map(read);
    start(async () => {
      const input = { purposeId, perDay, perWeek, perMonth, spacingHours, unreadLimit };
      const outcome = await changeCaps(input as { purposeId: string } & Caps); // five fields, read in their order
      setRefused(outcome.ok ? undefined : outcome);
      if (outcome.ok) toast({ text: t("caps.saved") });
    });
  }
  return (
    <details>
      <summary className="cursor-pointer py-2">
        {t("caps.open")} <span className="sr-only">«{name}»</span>
      </summary>
      <form noValidate className="grid max-w-measure gap-4 pt-2" onSubmit={save}>
        <p className="note">{t("caps.note")}</p>
        {fields.map((field) => {
          const kept = caps[field];
          return (
            <NumberField
              key={field}
              id={`${field}-${purposeId}`}
              name={field}
              label={t(`caps.${field}`)}
              hint={field === "unreadLimit" ? t("caps.unreadHint") : undefined}
              defaultValue={kept === null ? "" : formats.integer(kept)}
              error={refused?.fields[field] && t("edit.check")}
            />
          );
        })}
        {refused && Object.keys(refused.fields).length === 0 && (
          <Banner tone="bad">{errors(refused.code as Parameters<typeof errors>[0])}</Banner>
        )}
        <div>
          <Button type="submit" aria-busy={isPending || undefined}>
            {isPending ? t("edit.saving") : t("edit.save")}
          </Button>
        </div>
      </form>
    </details>
  );
}
