"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { NumberField, RadioField, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import type { StepProblemCode } from "@/lib/campaigns/completeness";
import { saveSchedule } from "../../../actions";
import type { ChangeNames } from "../../changes";
import { useAutosave } from "./autosave.client";
import { ConflictDialog } from "./conflict-dialog.client";
import {
  readSchedule,
  type ScheduleField,
  type ScheduleInput,
  type TypedSchedule,
  typedSchedule,
} from "./schedule-draft";
import { SendingHours } from "./sending-hours.client";

const MOMENT = "w-64 max-sm:w-full";
const LATENESS = [15, 60, 240, 1_440];

/** Step 4: when it goes out, at which hours, over how many days, and after when nothing more may leave. */
export function ScheduleForm({
  kept,
  keptVersion,
  problems,
  people,
  names,
}: {
  kept: ScheduleInput;
  keptVersion: number;
  problems: readonly StepProblemCode[];
  people: readonly { id: string; name: string }[];
  names: ChangeNames;
}) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const zone = formats.settings.timeZone;
  const [typed, setTyped] = useState(() => typedSchedule(kept, formats));
  const { input, faults } = readSchedule(typed, formats);
  const conflict = useAutosave<ScheduleInput>({
    input,
    kept,
    keptVersion,
    save: saveSchedule,
    take: (theirs) => setTyped(typedSchedule(theirs, formats)),
  });
  const set = (change: Partial<TypedSchedule>) => setTyped((now) => ({ ...now, ...change }));
  const errorOf = (field: ScheduleField, ...codes: StepProblemCode[]) => {
    const fault = faults[field];
    const problem = codes.find((code) => problems.includes(code));
    return fault ? t(`schedule.${fault}`) : problem && t(`problems.${problem}`);
  };
  const choose = <Name extends "when" | "spread" | "ends">(
    name: Name,
    label: string,
    values: readonly TypedSchedule[Name][],
  ) => ({
    name,
    label,
    value: typed[name],
    onChange: (value: string) => {
      const chosen = values.find((one) => one === value);
      if (chosen) set({ [name]: chosen });
    },
  });
  return (
    <>
      <ConflictDialog conflict={conflict} people={people} names={names} />
      <Section title={t("schedule.start")} note={t("schedule.startNote")} wide>
        <div className="grid gap-4">
          <RadioField
            {...choose("when", t("schedule.when"), ["now", "later", "local"])}
            options={[
              { value: "now", label: t("schedule.now"), hint: t("schedule.nowHint") },
              { value: "later", label: t("schedule.later"), hint: t("schedule.laterHint") },
              { value: "local", label: t("schedule.local"), hint: t("schedule.localHint") },
            ]}
          />
          {typed.when === "later" && (
            <TextField
              name="startsAt"
              type="datetime-local"
              className={MOMENT}
              label={t("schedule.moment")}
              hint={t("schedule.zone", { zone })}
              value={typed.start}
              error={errorOf("start", "starts_in_past")}
              onChange={(event) => set({ start: event.currentTarget.value })}
            />
          )}
          {typed.when === "local" && (
            <div className="flex flex-wrap gap-4">
              <TextField
                name="localDate"
                type="date"
                className="max-sm:w-full"
                label={t("schedule.day")}
                value={typed.date}
                error={errorOf("local", "local_in_past")}
                onChange={(event) => set({ date: event.currentTarget.value })}
              />
              <TextField
                name="localTime"
                type="time"
                className="max-sm:w-full"
                label={t("schedule.time")}
                hint={t("schedule.timeHint")}
                value={typed.time}
                onChange={(event) => set({ time: event.currentTarget.value })}
              />
            </div>
          )}
          {typed.when !== "now" && (
            <SelectField
              name="lateMinutes"
              className={MOMENT}
              label={t("schedule.late")}
              hint={t("schedule.lateHint")}
              value={String(typed.lateMinutes)}
              options={[...new Set([...LATENESS, typed.lateMinutes])]
                .sort((one, two) => one - two)
                .map((minutes) => ({ value: String(minutes), label: formats.duration(minutes * 60_000) }))}
              onChange={(event) => set({ lateMinutes: Number(event.currentTarget.value) })}
            />
          )}
        </div>
      </Section>
      <SendingHours typed={typed} set={set} daysError={errorOf("weekdays")} hoursError={errorOf("to")} />
      <Section title={t("schedule.days")} note={t("schedule.daysNote")} wide>
        <div className="grid gap-4">
          <RadioField
            {...choose("spread", t("schedule.spread"), ["none", "days"])}
            options={[
              { value: "none", label: t("schedule.noSpread") },
              { value: "days", label: t("schedule.spreadDays"), hint: t("schedule.spreadHint") },
            ]}
          />
          {typed.spread === "days" && (
            <NumberField
              name="perDay"
              className={MOMENT}
              label={t("schedule.perDay")}
              value={typed.perDay}
              error={errorOf("perDay")}
              onChange={(event) => set({ perDay: event.currentTarget.value })}
            />
          )}
        </div>
      </Section>
      <Section title={t("schedule.deadline")} note={t("schedule.deadlineNote")} wide>
        <div className="grid gap-4">
          <RadioField
            {...choose("ends", t("schedule.ends"), ["never", "deadline"])}
            options={[
              { value: "never", label: t("schedule.never") },
              { value: "deadline", label: t("schedule.until"), hint: t("schedule.untilHint") },
            ]}
          />
          {typed.ends === "deadline" && (
            <TextField
              name="deadlineAt"
              type="datetime-local"
              className={MOMENT}
              label={t("schedule.moment")}
              hint={t("schedule.zone", { zone })}
              value={typed.deadline}
              error={errorOf("deadline", "deadline_in_past", "deadline_before_start")}
              onChange={(event) => set({ deadline: event.currentTarget.value })}
            />
          )}
        </div>
      </Section>
    </>
  );
}
