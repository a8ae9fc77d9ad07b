import type { ReactNode } from "react";
import { CampaignBadge } from "@/app/_ui/badge";
import { LinkButton } from "@/app/_ui/button";
import { PageHeader } from "@/app/_ui/page";
import { type Step, Stepper } from "@/app/_ui/stepper";
import { type BuilderStep, builderSteps } from "@/lib/campaigns/campaign";
import { may } from "@/lib/identity/authorize";
import { campaignPath } from "../../../paths";
import { localTime, metricText } from "../../../sentences";
import { CampaignMenu } from "../../campaign-menu.client";
import { CampaignTabs } from "../../campaign-tabs";
import { type BuilderView, figuresOf } from "./builder-view";
import { ContinueButton, FocusStepHeading, SaveLine } from "./saving.client";

/** Head, list of steps and the step itself; the third column is the step's own. */
export function BuilderFrame({ view, step, children }: { view: BuilderView; step: BuilderStep; children: ReactNode }) {
  const { ctx, campaign, t } = view;
  const index = builderSteps.indexOf(step);
  const [previous, next] = [builderSteps[index - 1], builderSteps[index + 1]];
  const isLaunched = !["draft", "in_review", "approved"].includes(campaign.status);
  const mayEdit = may(ctx.actor, "campaign.edit");
  return (
    <>
      <FocusStepHeading step={step} />
      <PageHeader
        title={campaign.name}
        status={<CampaignBadge status={campaign.status} />}
        actions={
          <>
            <CampaignMenu
              campaignId={campaign.id}
              name={campaign.name}
              historyHref={campaignPath(campaign.id, "history")}
              mayEdit={mayEdit}
              mayArchive={campaign.acts.archive}
            />
            {previous && campaign.acts.edit && (
              <LinkButton href={campaignPath(campaign.id, `edit/${previous}`)}>{t("back")}</LinkButton>
            )}
            {next && <ContinueButton href={campaignPath(campaign.id, `edit/${next}`)} label={t("continue")} />}
          </>
        }
        tabs={isLaunched && <CampaignTabs ctx={ctx} campaignId={campaign.id} />}
      />
      <div className="builder">
        <Stepper
          label={t("stepsLabel")}
          steps={builderSteps.map((key) => stepOf(key, view))}
          current={step}
          saved={step !== "review" && <SaveLine />}
        />
        {children}
      </div>
    </>
  );
}

function stepOf(key: BuilderStep, view: BuilderView): Step {
  const { campaign, preflight, t, formats } = view;
  const title = t(`steps.${key}`);
  const href = key === "review" || campaign.acts.edit ? campaignPath(campaign.id, `edit/${key}`) : undefined;
  const problems = key === "review" ? preflight.blockers.length : problemsIn(key, view);
  if (problems > 0) {
    const count = { count: problems, countText: formats.integer(problems) };
    return { key, title, href, state: "error", summary: t(key === "review" ? "blocks" : "missing", count) };
  }
  return { key, title, href, state: "done", summary: summaryOf(key, view) };
}

/** What is not filled in, or what the checklist sends back to this step: whichever is more. */
function problemsIn(step: BuilderStep, { campaign, preflight }: BuilderView): number {
  const open = campaign.stepProblems.filter((problem) => problem.step === step).length;
  return Math.max(open, preflight.rows.filter((row) => row.step === step && row.status === "block").length);
}

function summaryOf(step: BuilderStep, view: BuilderView): string | undefined {
  const { campaign, t, campaigns, formats } = view;
  switch (step) {
    case "goal":
      return metricText(campaign.goal, campaigns, formats);
    case "audience": {
      const { reachable } = figuresOf(view);
      if (reachable === null) return campaign.segment?.name;
      return t("reachableShort", { count: reachable, countText: formats.integer(reachable) });
    }
    case "variants":
      return formats.list(campaign.variants.map(({ key }) => key));
    case "schedule": {
      const local = localTime(campaign.schedule, formats);
      if (local) return t("schedule.localShort", local);
      return campaign.startsAt ? formats.dateTime(campaign.startsAt) : t("schedule.nowShort");
    }
    case "review":
      return t("noBlocks");
  }
}
