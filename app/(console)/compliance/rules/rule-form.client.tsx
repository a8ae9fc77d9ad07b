"use client";

import { useActionState, useEffect, useRef, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { DataTable } from "@/app/_ui/data-table";
import { CheckboxField, SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { readHours } from "@/lib/policies/hours-text";
import { preview, propose } from "./actions";

export interface EditableRule {
  country: string;
  name: string;
  /** By ISO weekday, as typed. */
  days: Record<string, string>;
  holidays: boolean;
  perDay: string;
  perWeek: string;
  blocked: readonly string[];
  consentAge: string;
  basis: string;
}

const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;
const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;
const NEW = "new";

type Refused = { ok: false; code: string; fields: Record<string, string> };

/** The rule of one country, changed: who is affected is shown before it is proposed. What was typed stays when it is refused. */
export function RuleForm({ countries }: { countries: readonly EditableRule[] }) {
  const t = useTranslations("policies");
  const [chosen, setChosen] = useState(countries[0]?.country ?? NEW);
  const rule = countries.find(({ country }) => country === chosen) ?? countries[0];
  return (
    <div className="grid max-w-measure gap-5">
      <SelectField
        name="which"
        label={t("form.country")}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        options={[
          ...countries.map(({ country, name }) => ({ value: country, label: name })),
          { value: NEW, label: t("form.newCountry") },
        ]}
      />
      {rule && <Fields key={chosen} rule={rule} isNew={chosen === NEW} />}
    </div>
  );
}

function Fields({ rule, isNew }: { rule: EditableRule; isNew: boolean }) {
  const t = useTranslations("policies");
  const errors = useTranslations("errors");
  const [proposed, send, isSending] = useActionState<Awaited<ReturnType<typeof propose>> | null, FormData>(
    propose,
    null,
  );
  const [affected, setAffected] = useState<Awaited<ReturnType<typeof preview>> | null>(null);
  const [isLooking, look] = useTransition();
  const [, start] = useTransition();
  const [asked, setAsked] = useState<"preview" | "propose">();
  const [wrongDays, setWrongDays] = useState<readonly string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const latest = asked === "preview" ? affected : asked === "propose" ? proposed : null;
  const refused: Refused | undefined = latest && !latest.ok ? latest : undefined;
  // The form is longer than a screen: whoever is refused is taken to the first field that needs them.
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refused]);
  const error = (field: string) => (refused?.fields[field] ? t(`form.errors.${errorOf(field)}`) : undefined);
  if (proposed?.ok) return <Banner tone="ok">{t("form.proposed")}</Banner>;
  return (
    <form
      ref={form}
      className="grid gap-4"
      onSubmit={(event) => {
        // React empties a form after its action; what was typed must stay when the server refuses.
        event.preventDefault();
        if (isSending) return;
        const typed = new FormData(event.currentTarget);
        setAsked("propose");
        start(() => send(typed));
      }}
    >
      {isNew ? (
        <TextField
          name="country"
          label={t("form.code")}
          hint={t("form.codeHint")}
          error={error("country")}
          maxLength={2}
          required
        />
      ) : (
        <input type="hidden" name="country" value={rule.country} />
      )}
      <fieldset className="grid gap-3">
        <legend className="font-medium">{t("form.hours")}</legend>
        <p className="note">{t("form.hoursHint")}</p>
        {weekdays.map((day) => (
          <TextField
            key={day}
            name={`day${day}`}
            label={t(`longDays.${day}`)}
            defaultValue={rule.days[day] ?? ""}
            placeholder={t("closed")}
            error={wrongDays.includes(day) ? t("form.errors.day") : error(`day${day}`)}
            onBlur={(event) => {
              const isWrong = readHours(event.currentTarget.value) === undefined;
              setWrongDays((days) => [...days.filter((one) => one !== day), ...(isWrong ? [day] : [])]);
            }}
            autoComplete="off"
          />
        ))}
      </fieldset>
      <CheckboxField
        name="holidays"
        label={t("form.holidays")}
        hint={t("form.holidaysHint")}
        defaultChecked={rule.holidays}
      />
      <TextField
        name="perDay"
        label={t("form.perDay")}
        defaultValue={rule.perDay}
        inputMode="numeric"
        error={error("perDay")}
      />
      <TextField
        name="perWeek"
        label={t("form.perWeek")}
        defaultValue={rule.perWeek}
        inputMode="numeric"
        error={error("perWeek")}
      />
      <fieldset className="grid gap-1">
        <legend className="font-medium">{t("form.blocked")}</legend>
        {categories.map((category) => (
          <CheckboxField
            key={category}
            id={`blocked-${category}`}
            name="blocked[]"
            value={category}
            label={t(`categories.${category}`)}
            defaultChecked={rule.blocked.includes(category)}
          />
        ))}
      </fieldset>
      <TextField
        name="consentAge"
        label={t("form.consentAge")}
        hint={t("form.consentAgeHint")}
        defaultValue={rule.consentAge}
        inputMode="numeric"
        error={error("consentAge")}
      />
      <TextAreaField
        name="basis"
        label={t("form.basis")}
        hint={t("form.basisHint")}
        defaultValue={rule.basis}
        error={error("basis")}
      />
      <TextAreaField name="note" label={t("form.note")} hint={t("form.noteHint")} error={error("note")} required />
      {refused && <Banner tone="bad">{errors(refused.code as Parameters<typeof errors>[0])}</Banner>}
      <div className="flex flex-wrap gap-3">
        <Button
          aria-busy={isLooking || undefined}
          onClick={(event) => {
            const typed = event.currentTarget.form;
            if (!typed || isLooking) return;
            look(async () => {
              setAffected(await preview(null, new FormData(typed)));
              setAsked("preview");
            });
          }}
        >
          {t("form.preview")}
        </Button>
        <Button type="submit" look="primary" aria-busy={isSending || undefined}>
          {isSending ? t("form.proposing") : t("form.propose")}
        </Button>
      </div>
      {affected?.ok && <Affected rows={affected.data} />}
    </form>
  );
}

function errorOf(field: string): "day" | "country" | "number" | "text" {
  if (field.startsWith("day")) return "day";
  if (field === "country") return "country";
  return field === "basis" || field === "note" ? "text" : "number";
}

type Row = Extract<Awaited<ReturnType<typeof preview>>, { ok: true }>["data"][number];

/** Who lives where the rule changes, and what that means at this moment. */
function Affected({ rows }: { rows: readonly Row[] }) {
  const t = useTranslations("policies");
  const formats = useFormats();
  const state = (window: Row["after"] | null) => {
    if (!window) return "–";
    if (window.isOpen) return t("openNow");
    return window.nextOpenAt ? t("opensAt", { when: formats.dateTime(window.nextOpenAt) }) : t("never");
  };
  if (rows.length === 0) return <Banner tone="info">{t("affectsNobody")}</Banner>;
  return (
    <div role="status">
      <DataTable
        caption={t("affected")}
        compact
        rows={rows}
        rowKey={({ country }) => country ?? ""}
        columns={[
          {
            key: "country",
            head: t("columns.country"),
            cell: ({ country }) => (country === null ? t("unknownCountry") : formats.country(country)),
          },
          { key: "people", head: t("columns.people"), isNumber: true, cell: ({ people }) => formats.integer(people) },
          { key: "before", head: t("columns.before"), cell: ({ before }) => state(before) },
          { key: "after", head: t("columns.after"), cell: ({ after }) => state(after) },
        ]}
      />
    </div>
  );
}
