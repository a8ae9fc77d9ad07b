import { Button } from "@/app/_ui/button";
import { Panel } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { may } from "@/lib/identity/authorize";
import { campaignPath } from "../../../paths";
import { localTime } from "../../../sentences";
import { Decide, LaunchButton, SubmitButton } from "./approval-buttons.client";
import { type BuilderView, figuresOf } from "./builder-view";
import { costText } from "./totals";

/** Who has signed and who has not, and the one thing that this person can do now. */
export function ApprovalPanel({ view }: { view: BuilderView }) {
  const { campaign, t, formats } = view;
  const approval = campaign.isApproved ? campaign.approvals.find(({ decision }) => decision === "approved") : undefined;
  return (
    <Panel title={t(`panel.title.${panelOf(campaign.status)}`)}>
      <p className="text-muted">{t(`panel.text.${panelOf(campaign.status)}`)}</p>
      <ol className="my-4 grid gap-2 border-y border-line py-3">
        <li>
          {campaign.createdBy?.name ?? t("panel.somebody")}
          <span className="note block">
            {t("panel.author")} <TimeText at={campaign.editedAt} formats={formats} />
          </span>
        </li>
        <li>
          {approval ? (approval.byName ?? t("panel.somebody")) : t("panel.approver")}
          <span className="note block">
            {approval ? (
              <>
                {t(approval.isSolo ? "panel.approvedSolo" : "panel.approved")}{" "}
                <TimeText at={approval.at} formats={formats} />
              </>
            ) : (
              t("panel.pending")
            )}
          </span>
          {approval?.comment && <span className="block">{approval.comment}</span>}
        </li>
        <li>
          {t("panel.launch")}
          <span className="note block">{t("panel.launchNote")}</span>
        </li>
      </ol>
      <NextAct view={view} />
    </Panel>
  );
}

function panelOf(status: string): "draft" | "in_review" | "approved" | "launched" {
  return status === "draft" || status === "in_review" || status === "approved" ? status : "launched";
}

function NextAct({ view }: { view: BuilderView }) {
  const { ctx, campaign, preflight, t } = view;
  const { id, status, acts, contentHash, name, needsSoloConfirmation } = campaign;
  if (status === "draft") {
    if (!acts.submit) return <p className="note">{t("panel.notAuthor")}</p>;
    const blocked = blockedBy(view);
    return blocked ? (
      <Button look="primary" blocked={blocked}>
        {t("panel.submit")}
      </Button>
    ) : (
      <SubmitButton campaignId={id} />
    );
  }
  if (status === "in_review") {
    const isBlocked = preflight.blockers.some((row) => row !== "second_person");
    return (
      <>
        <Decide
          campaignId={id}
          contentHash={contentHash}
          typed={needsSoloConfirmation ? name : undefined}
          mayApprove={acts.approve && !isBlocked}
          mayAskChanges={acts.askChanges}
        />
        {!acts.approve && <p className="note mt-2">{t(whyNot(view))}</p>}
        {acts.approve && isBlocked && <p className="mt-2 text-bad">{t("panel.blockedApproval")}</p>}
      </>
    );
  }
  if (status === "approved") {
    if (!may(ctx.actor, "campaign.launch")) return <p className="note">{t("panel.notLauncher")}</p>;
    const blocked = blockedBy(view);
    return blocked ? (
      <Button look="primary" blocked={blocked}>
        {t("panel.launchNow")}
      </Button>
    ) : (
      <Launch view={view} />
    );
  }
  return <p className="note">{t("panel.launched")}</p>;
}

/** Which of the reasons it is that this person does not approve. */
function whyNot({ ctx, campaign }: BuilderView): "panel.ownWork" | "panel.notApprover" {
  const { actor } = ctx;
  const isOwn =
    actor.kind === "user" &&
    (campaign.createdBy?.id === actor.userId || campaign.editors.some(({ id }) => id === actor.userId));
  return isOwn ? "panel.ownWork" : "panel.notApprover";
}

/** Everything that forbids going on, named, with the way to the first of it. */
function blockedBy({ campaign, preflight, t, formats }: BuilderView): { reason: string; fixHref: string } | undefined {
  const [problem] = campaign.stepProblems;
  const [row] = preflight.blockers;
  if (row) {
    const names = preflight.blockers.map((id) => t(`checks.${id}.title`));
    return { reason: t("panel.blocked", { names: formats.list(names) }), fixHref: `#check-${row}` };
  }
  if (!problem) return undefined;
  return {
    reason: t("panel.incomplete", { step: t(`steps.${problem.step}`), problem: t(`problems.${problem.code}`) }),
    fixHref: campaignPath(campaign.id, `edit/${problem.step}`),
  };
}

/** The dialog names people, cost and time: nobody launches without having read how many it goes to. */
function Launch({ view }: { view: BuilderView }) {
  const { campaign, t, formats } = view;
  const { toBeSent, cost } = figuresOf(view);
  const count = toBeSent ?? 0;
  const local = localTime(campaign.schedule, formats);
  const [first, last] = [view.preflight.waves?.[0]?.at, view.preflight.waves?.at(-1)?.at];
  return (
    <LaunchButton
      campaignId={campaign.id}
      liveHref={campaignPath(campaign.id, "live")}
      title={t("launch.title", { name: campaign.name })}
      confirmLabel={t("launch.confirm", { count, countText: formats.integer(count) })}
    >
      <dl className="key-value">
        <div>
          <dt>{t("launch.people")}</dt>
          <dd>{formats.integer(count)}</dd>
        </div>
        <div>
          <dt>{t("launch.cost")}</dt>
          <dd>{cost ? costText(cost, view) : t("totals.unknown")}</dd>
        </div>
        <div>
          <dt>{t("launch.start")}</dt>
          <dd>
            {local
              ? t("schedule.localShort", local)
              : campaign.startsAt
                ? formats.dateTime(campaign.startsAt)
                : t("launch.afterGrace")}
          </dd>
        </div>
        {first && last && first < last && (
          <>
            <div>
              <dt>{t("launch.first")}</dt>
              <dd>{formats.dateTime(first)}</dd>
            </div>
            <div>
              <dt>{t("launch.last")}</dt>
              <dd>{formats.dateTime(last)}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{t("launch.deadline")}</dt>
          <dd>{campaign.deadlineAt ? formats.dateTime(campaign.deadlineAt) : t("review.noDeadline")}</dd>
        </div>
      </dl>
      <p className="mt-4 text-muted">{t("launch.grace")}</p>
    </LaunchButton>
  );
}
