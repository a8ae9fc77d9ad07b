import { currentInstallation } from "@/app/_server/context";
import { Answer, Section } from "@/app/_ui/page";
import { listAttributes } from "@/lib/audience/queries/list-attributes";
import type { BuilderStep } from "@/lib/campaigns/campaign";
import type { CampaignView } from "@/lib/campaigns/queries/get-campaign";
import { listBuilderChoices } from "@/lib/campaigns/queries/list-builder-choices";
import { may } from "@/lib/identity/authorize";
import { countSegment } from "@/lib/segments/queries/count-segment";
import { listSegments } from "@/lib/segments/queries/list-segments";
import { listTemplates } from "@/lib/templates/queries/list-templates";
import { localTime, metricText, windowText } from "../../../sentences";
import type { ChangeNames } from "../../changes";
import { WavesTable } from "../../waves";
import { AudienceForm } from "./audience-form.client";
import { type BuilderView, figuresOf } from "./builder-view";
import { GoalForm } from "./goal-form.client";
import { Planner } from "./planner";
import { ScheduleForm } from "./schedule-form.client";
import { Totals } from "./totals";
import { VariantsForm } from "./variants-form.client";

/** One of the four steps that ask something, with its running totals. */
export async function StepContent({ view, step }: { view: BuilderView; step: Exclude<BuilderStep, "review"> }) {
  const { campaign, t } = view;
  const people = campaign.editors;
  const keptVersion = campaign.version;
  const problems = campaign.stepProblems.filter((problem) => problem.step === step);
  const codes = problems.map(({ code }) => code);
  const common = { people, keptVersion, problems: codes };
  if (step === "variants") return <Variants view={view} />;
  return (
    <>
      <div>
        {step === "goal" && (
          <>
            <Answer as="h2" tight sub={t("goal.answerNote")}>
              {goalAnswer(view)}
            </Answer>
            <GoalForm {...common} kept={{ name: campaign.name, goal: campaign.goal }} names={{}} />
            <Planner view={view} />
          </>
        )}
        {step === "audience" && <Audience view={view} common={common} />}
        {step === "schedule" && (
          <>
            <Answer as="h2" tight sub={t("schedule.answerNote")}>
              {scheduleAnswer(view)}
            </Answer>
            <ScheduleForm
              {...common}
              kept={{
                schedule: campaign.schedule,
                startsAt: campaign.startsAt?.toISOString() ?? null,
                deadlineAt: campaign.deadlineAt?.toISOString() ?? null,
              }}
              names={{}}
            />
            <Section title={t("schedule.waves")} note={t("schedule.wavesNote")} wide>
              {view.preflight.waves ? (
                <WavesTable waves={view.preflight.waves} t={view.campaigns} formats={view.formats} />
              ) : (
                <p className="text-muted">{t("schedule.noWaves")}</p>
              )}
            </Section>
          </>
        )}
      </div>
      <aside className="builder-side" aria-label={t("side")}>
        <Totals view={view} />
      </aside>
    </>
  );
}

function goalAnswer({ campaign: { goal }, t, campaigns, formats }: BuilderView): string {
  const metric = metricText(goal, campaigns, formats);
  if (!metric || !goal.metric || !goal.windowHours) return t("goal.question");
  const values = {
    metric: t(`goal.counted.${goal.metric}`),
    window: windowText(goal.windowHours, campaigns, formats),
  };
  if (goal.metric === "revenue") {
    if (goal.minimumEffectMicros === null) return t("goal.answerNoEffect", values);
    const amount = { micros: goal.minimumEffectMicros, currency: formats.settings.currency };
    return t("goal.answer", { ...values, effect: formats.money(amount) });
  }
  if (goal.minimumEffectPoints === null) return t("goal.answerNoEffect", values);
  const points = formats.unsignedPoints(goal.minimumEffectPoints / 100);
  return t("goal.answer", { ...values, effect: t("points", { pointsText: points }) });
}

function scheduleAnswer({ campaign, preflight, t, formats }: BuilderView): string {
  const { schedule, startsAt, deadlineAt } = campaign;
  const local = localTime(schedule, formats);
  const waves = preflight.waves?.filter(({ isLegal }) => isLegal) ?? [];
  const [first, last] = [waves[0]?.at, waves.at(-1)?.at];
  const isOne = first?.getTime() === last?.getTime();
  const isPlain = !local && (isOne || (schedule.perDay === null && schedule.hours === null));
  return [
    local
      ? t("schedule.answerLocal", local)
      : startsAt
        ? t("schedule.answerAt", { when: formats.dateTime(startsAt) })
        : t("schedule.answerNow"),
    first &&
      last &&
      !isPlain &&
      t(isOne ? "schedule.answerOneWave" : "schedule.answerWaves", {
        first: formats.dateTime(first),
        last: formats.dateTime(last),
      }),
    deadlineAt && t("schedule.answerUntil", { when: formats.dateTime(deadlineAt) }),
  ]
    .filter(Boolean)
    .join(" ");
}

async function Audience({
  view: { ctx, campaign, formats },
  common,
}: {
  view: BuilderView;
  common: Omit<Parameters<typeof AudienceForm>[0], "kept" | "reach" | "segments" | "purposes" | "quick" | "names">;
}) {
  const [segments, { purposes }] = await Promise.all([
    listSegments(ctx),
    listBuilderChoices(ctx, { brandId: campaign.brand.id }),
  ]);
  const segmentId = campaign.segment?.id ?? null;
  const purposeId = campaign.purpose?.id ?? null;
  const rule = segments.find((segment) => segment.segmentId === segmentId)?.rule;
  const offered = segments
    .map((segment) => ({ id: segment.segmentId, name: segment.name }))
    .toSorted((a, b) => formats.compare(a.name, b.name));
  const isOffered = offered.some(({ id }) => id === segmentId);
  return (
    <AudienceForm
      {...common}
      kept={{ segmentId, purposeId, holdoutBasisPoints: campaign.holdoutBasisPoints }}
      reach={rule && purposeId ? await countSegment(ctx, { rule, purposeId }) : null}
      segments={campaign.segment && !isOffered ? [campaign.segment, ...offered] : offered}
      purposes={purposes}
      quick={may(ctx.actor, "segment.edit") ? { attributes: await listAttributes(ctx) } : null}
      names={namesOf([...offered, ...purposes])}
    />
  );
}

async function Variants({ view }: { view: BuilderView }) {
  const { ctx, campaign } = view;
  const [templates, attributes, { numbers }, { mode }] = await Promise.all([
    listTemplates(ctx),
    listAttributes(ctx),
    listBuilderChoices(ctx, { brandId: campaign.brand.id }),
    currentInstallation(),
  ]);
  const ours = templates.filter(({ numberId }) => numbers.some(({ id }) => id === numberId));
  return (
    <VariantsForm
      kept={{ numberId: campaign.number?.id ?? null, variants: campaign.variants.map(keptVariant) }}
      keptVersion={campaign.version}
      numbers={numbers}
      templates={ours.map(templateChoice)}
      attributes={attributes.map(({ key, label }) => ({ key, label }))}
      isSandbox={mode === "sandbox"}
      toBeSent={figuresOf(view).toBeSent}
      problems={campaign.stepProblems.filter(({ step }) => step === "variants")}
      people={campaign.editors}
      names={namesOf([...ours, ...numbers.map(({ id, verifiedName }) => ({ id, name: verifiedName }))])}
      totals={<Totals view={view} />}
    />
  );
}

function keptVariant({ key, templateId, weight, parameters, linkUrl }: CampaignView["variants"][number]) {
  return { key, templateId, weight, parameters, linkUrl };
}

type Template = Awaited<ReturnType<typeof listTemplates>>[number];

function templateChoice(template: Template) {
  const { id, numberId, name, language, category, status, quality, hasOptOut, needs, components } = template;
  const { parameterFormat, media } = template;
  return {
    id,
    numberId,
    name,
    language,
    category,
    status,
    quality,
    hasOptOut,
    needs,
    components,
    parameterFormat,
    media,
  };
}

function namesOf(things: readonly { id: string; name: string }[]): ChangeNames {
  return Object.fromEntries(things.map(({ id, name }) => [id, name]));
}
