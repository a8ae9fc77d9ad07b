"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { RadioField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import type { StepProblemCode } from "@/lib/campaigns/completeness";
import type { CampaignSchedule } from "@/lib/campaigns/schedule";
import { saveSchedule } from "../../../actions";
import type { ChangeNames } from "../../changes";
import { useAutosave } from "./autosave.client";
import { ConflictDialog } from "./conflict-dialog.client";
import { instantText, localText } from "./local-moment";

/** Instants as ISO texts, in UTC. */
export interface ScheduleInput {
  schedule: CampaignSchedule;
  startsAt: string | null;
  deadlineAt: string | null;
}

/** Step 4: now or at a moment of the organisation's clock; and after when nothing more may go out. */
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
  const typedOf = ({ startsAt, deadlineAt }: ScheduleInput) => ({
    when: startsAt === null ? "now" : "later",
    start: localText(startsAt, zone),
    ends: deadlineAt === null ? "never" : "deadline",
    deadline: localText(deadlineAt, zone),
  });
  const [typed, setTyped] = useState(() => typedOf(kept));
  const startsAt = typed.when === "now" ? null : instantText(typed.start, zone);
  const deadlineAt = typed.ends === "never" ? null : instantText(typed.deadline, zone);
  const isBackwards = Boolean(startsAt && deadlineAt && startsAt >= deadlineAt);
  const isReadable = startsAt !== undefined && deadlineAt !== undefined && !isBackwards;
  const conflict = useAutosave<ScheduleInput>({
    input: isReadable ? { schedule: kept.schedule, startsAt, deadlineAt } : null,
    kept,
    keptVersion,
    save: saveSchedule,
    take: (theirs) => setTyped(typedOf(theirs)),
  });
  const set = (change: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...change }));
  const startError =
    startsAt === undefined
      ? t("schedule.momentMissing")
      : problems.includes("starts_in_past") && startsAt === kept.startsAt && t("problems.starts_in_past");
  const deadlineError = isBackwards
    ? t("schedule.backwards")
    : deadlineAt === undefined
      ? t("schedule.momentMissing")
      : problems.includes("deadline_in_past") && deadlineAt === kept.deadlineAt && t("problems.deadline_in_past");
  return (
    <>
      <ConflictDialog conflict={conflict} people={people} names={names} />
      <Section title={t("schedule.start")} note={t("schedule.startNote")} wide>
        <div className="grid gap-4">
          <RadioField
            name="when"
            label={t("schedule.when")}
            value={typed.when}
            onChange={(when) => set({ when })}
            options={[
              { value: "now", label: t("schedule.now"), hint: t("schedule.nowHint") },
              { value: "later", label: t("schedule.later"), hint: t("schedule.laterHint") },
            ]}
          />
          {typed.when === "later" && (
            <TextField
              name="startsAt"
              type="datetime-local"
              className="w-64 max-sm:w-full"
              label={t("schedule.moment")}
              hint={t("schedule.zone", { zone })}
              value={typed.start}
              error={startError}
              onChange={(event) => set({ start: event.currentTarget.value })}
            />
          )}
        </div>
      </Section>
      <Section title={t("schedule.deadline")} note={t("schedule.deadlineNote")} wide>
        <div className="grid gap-4">
          <RadioField
            name="ends"
            label={t("schedule.ends")}
            value={typed.ends}
            onChange={(ends) => set({ ends })}
            options={[
              { value: "never", label: t("schedule.never") },
              { value: "deadline", label: t("schedule.until"), hint: t("schedule.untilHint") },
            ]}
          />
          {typed.ends === "deadline" && (
            <TextField
              name="deadlineAt"
              type="datetime-local"
              className="w-64 max-sm:w-full"
              label={t("schedule.moment")}
              hint={t("schedule.zone", { zone })}
              value={typed.deadline}
              error={deadlineError}
              onChange={(event) => set({ deadline: event.currentTarget.value })}
            />
          )}
        </div>
      </Section>
    </>
  );
}
