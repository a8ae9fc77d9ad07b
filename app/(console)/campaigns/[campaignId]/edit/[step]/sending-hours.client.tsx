"use client";

import { OctagonX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl/react";
import { RadioField, TextField } from "@/app/_ui/fields";
import { Section } from "@/app/_ui/page";
import { weekdays } from "@/lib/campaigns/schedule";
import type { TypedSchedule } from "./schedule-draft";

/** On which weekdays and at which of each person's hours the campaign may leave. */
export function SendingHours({
  typed,
  set,
  daysError,
  hoursError,
}: {
  typed: TypedSchedule;
  set: (change: Partial<TypedSchedule>) => void;
  daysError: ReactNode;
  hoursError: ReactNode;
}) {
  const t = useTranslations("builder");
  const toggle = (day: (typeof weekdays)[number]) =>
    set({
      weekdays: typed.weekdays.includes(day) ? typed.weekdays.filter((one) => one !== day) : [...typed.weekdays, day],
    });
  return (
    <Section title={t("schedule.hours")} note={t("schedule.hoursNote")} wide>
      <div className="grid gap-4">
        <RadioField
          name="hours"
          label={t("schedule.hoursWhich")}
          value={typed.hours}
          onChange={(value) => set({ hours: value === "some" ? "some" : "any" })}
          options={[
            { value: "any", label: t("schedule.anyHour"), hint: t("schedule.anyHourHint") },
            { value: "some", label: t("schedule.someHours"), hint: t("schedule.someHoursHint") },
          ]}
        />
        {typed.hours === "some" && (
          <>
            <fieldset className="field" aria-describedby={daysError ? "weekdays-error" : undefined}>
              <legend className="field-label mb-1.5">{t("schedule.weekdays")}</legend>
              <div className="flex flex-wrap gap-x-5">
                {weekdays.map((day) => (
                  <label key={day} className="choice">
                    <input type="checkbox" checked={typed.weekdays.includes(day)} onChange={() => toggle(day)} />
                    <span>{t(`schedule.weekday.${day}`)}</span>
                  </label>
                ))}
              </div>
              {daysError && (
                <div className="field-error" id="weekdays-error">
                  <OctagonX aria-hidden />
                  <span>{daysError}</span>
                </div>
              )}
            </fieldset>
            <div className="flex flex-wrap gap-4">
              <TextField
                name="hoursFrom"
                type="time"
                label={t("schedule.from")}
                value={typed.from}
                onChange={(event) => set({ from: event.currentTarget.value })}
              />
              <TextField
                name="hoursTo"
                type="time"
                label={t("schedule.to")}
                value={typed.to}
                error={hoursError}
                onChange={(event) => set({ to: event.currentTarget.value })}
              />
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
