"use client";

import { useTranslations } from "use-intl/react";
import { TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import { type ExamplePlace, examplePlaces, type TemplateDraft } from "@/lib/templates/draft";
import type { ChangeDraft } from "./draft-change";

/** One example for every variable: Meta's reviewers read the message with them. */
export function ExampleFields({
  draft,
  isTried,
  onChange,
}: {
  draft: TemplateDraft;
  isTried: boolean;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const formats = useFormats();
  const places = examplePlaces(draft);
  if (places.length === 0) return null;
  const labelOf = ({ part, name, card }: ExamplePlace) => {
    const label =
      part === "button"
        ? t("new.exampleLink", { name })
        : t(part === "header" ? "one.placeHeader" : "one.placeBody", { name: `{{${name}}}` });
    return card === undefined ? label : t("cards.example", { number: formats.integer(card), label });
  };
  return (
    <Section title={t("new.examples")} note={t("new.examplesNote")} id="examples">
      <div className="grid max-w-measure gap-4 sm:grid-cols-2">
        {places.map((one) => (
          <TextField
            key={one.place}
            name={`example-${one.place}`}
            label={labelOf(one)}
            error={isTried && !draft.examples[one.place]?.trim() && t("problems.example_missing")}
            value={draft.examples[one.place] ?? ""}
            onChange={(event) => onChange({ examples: { ...draft.examples, [one.place]: event.currentTarget.value } })}
            autoComplete="off"
          />
        ))}
      </div>
    </Section>
  );
}
