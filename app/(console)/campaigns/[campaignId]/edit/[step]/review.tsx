import { Suspense } from "react";
import { StatusBadge } from "@/app/_ui/badge";
import { Banner } from "@/app/_ui/banner";
import { Answer, FactStrip, KeyValue } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { HashChip, TimeText } from "@/app/_ui/text";
import { VariantTag } from "@/app/_ui/variant";
import { listAttributes } from "@/lib/audience/queries/list-attributes";
import { listTemplates } from "@/lib/templates/queries/list-templates";
import { localTime, metricText } from "../../../sentences";
import { ApprovalPanel } from "./approval-panel";
import { type BuilderView, figuresOf } from "./builder-view";
import { Checks } from "./checks";
import { LinkHealth } from "./link-health";
import { phoneMessage } from "./preview-message";
import { SinceApproval } from "./since-approval";
import { costText, Totals } from "./totals";

/** Step 5, and what the other person reads before approving: the plan in words, the checklist, every message as it arrives. */
export async function Review({ view }: { view: BuilderView }) {
  const { campaign, preflight, t, formats } = view;
  const count = (...statuses: string[]) => preflight.rows.filter(({ status }) => statuses.includes(status)).length;
  const [blocks, warns, passes] = [count("block", "unknown"), count("warn"), count("pass")];
  const latest = campaign.approvals[0];
  const planTitle = t(hasStarted(view) ? "review.planFixed" : "review.plan");
  // Nothing is left to check or to count before: what happened stands in the other tabs.
  const isOut = hasStarted(view) && campaign.status !== "paused" && campaign.status !== "frozen";
  return (
    <>
      <div className="min-w-0">
        <Answer as="h2" tight sub={reviewNote(view)}>
          {reviewAnswer(view)}
        </Answer>
        {campaign.status === "draft" && latest?.decision === "changes_asked" && (
          <div className="mb-4">
            <Banner tone="warn">
              <strong>{t("review.changesAsked", { name: latest.byName ?? "" })}</strong> {latest.comment}
            </Banner>
          </div>
        )}
        {campaign.status === "draft" && latest?.decision === "voided" && (
          <div className="mb-4">
            <Banner tone="warn">{t("review.voided", { name: latest.byName ?? "" })}</Banner>
          </div>
        )}
        {!isOut && (
          <>
            <FactStrip
              facts={[
                blocks > 0 && {
                  label: t("review.blocking"),
                  value: (
                    <StatusBadge tone="bad">
                      {t("review.blocks", { count: blocks, countText: formats.integer(blocks) })}
                    </StatusBadge>
                  ),
                },
                warns > 0 && {
                  label: t("review.warning"),
                  value: (
                    <StatusBadge tone="warn">
                      {t("review.warns", { count: warns, countText: formats.integer(warns) })}
                    </StatusBadge>
                  ),
                },
                {
                  label: t("review.passing"),
                  value: (
                    <StatusBadge tone="ok">
                      {t("review.passes", { count: passes, countText: formats.integer(passes) })}
                    </StatusBadge>
                  ),
                },
                { label: t("review.checked"), value: <TimeText at={preflight.computedAt} formats={formats} /> },
              ].filter((fact) => fact !== false)}
            />
            <SinceApproval view={view} />
            <Checks view={view} />
            <Suspense fallback={<p className="note mt-7">{t("linkHealth.asking")}</p>}>
              <LinkHealth view={view} />
            </Suspense>
          </>
        )}
        <Messages view={view} />
      </div>
      <aside className="builder-side" aria-label={t("side")}>
        <ApprovalPanel view={view} />
        <section aria-label={planTitle}>
          <h2 className="mb-1">{planTitle}</h2>
          <Plan view={view} />
        </section>
        {!isOut && <Totals view={view} />}
      </aside>
    </>
  );
}

/** People were drawn and messages began to leave: figures of before would contradict what happened. */
function hasStarted({ campaign }: BuilderView): boolean {
  return campaign.sendingStartedAt !== null;
}

function reviewAnswer(view: BuilderView): string {
  const { campaign, preflight, t, formats } = view;
  const launchedAt = hasStarted(view) && (campaign.launchedAt ?? campaign.sendingStartedAt);
  if (launchedAt) return t("review.answerStarted", { when: formats.dateTime(launchedAt) });
  const { toBeSent } = figuresOf(view);
  if (toBeSent === null) return t("review.answerUnknown");
  const local = localTime(campaign.schedule, formats);
  const values = {
    count: toBeSent,
    countText: formats.integer(toBeSent),
    when: local
      ? t("review.whenLocal", local)
      : campaign.startsAt
        ? t("review.whenAt", { when: formats.dateTime(campaign.startsAt) })
        : t("review.whenLaunched"),
  };
  const blocks = preflight.blockers.length;
  if (blocks === 0) return t("review.answer", values);
  return t("review.answerBlocked", { ...values, blocks, blocksText: formats.integer(blocks) });
}

function reviewNote(view: BuilderView): string {
  const { campaign, t, formats } = view;
  const { heldOut, cost } = figuresOf(view);
  const keys = campaign.variants.map(({ key }) => key);
  const who = t("review.noteWho", {
    segment: campaign.segment?.name ?? t("review.nobodyYet"),
    purpose: campaign.purpose?.name ?? t("review.noPurposeYet"),
    count: keys.length,
    countText: formats.integer(keys.length),
  });
  if (hasStarted(view)) return who;
  return [
    who,
    heldOut !== null && heldOut > 0
      ? t("review.noteHoldout", { count: heldOut, countText: formats.integer(heldOut) })
      : t("review.noteNoHoldout"),
    cost ? t("review.noteCost", { cost: costText(cost, view) }) : t("review.noteNoCost"),
  ].join(" ");
}

/** What launching fixes for good: the experiment as it is written before the first message. */
function Plan({ view: { campaign, t, campaigns, formats } }: { view: BuilderView }) {
  const { goal, contentHash, plan } = campaign;
  const { change, outcome, reason } = goal.hypothesis;
  const effect =
    goal.metric === "revenue"
      ? goal.minimumEffectMicros !== null &&
        formats.money({ micros: goal.minimumEffectMicros, currency: formats.settings.currency })
      : goal.minimumEffectPoints !== null &&
        t("points", { pointsText: formats.unsignedPoints(goal.minimumEffectPoints / 100) });
  return (
    <>
      {change && outcome && (
        <p className="note mb-2">{t("review.hypothesis", { change, outcome, reason: reason || "…" })}</p>
      )}
      <KeyValue
        rows={[
          { label: t("review.metric"), value: metricText(goal, campaigns, formats) ?? t("totals.unknown") },
          { label: t("review.effect"), value: effect || t("totals.unknown") },
          { label: t("review.method"), value: t("review.methodFixed") },
          {
            label: t("review.guardrails"),
            value: t("review.guardrailValues", {
              optOutText: formats.unsignedPoints(goal.guardrails.optOutPoints / 100),
              failureText: formats.unsignedPoints(goal.guardrails.failurePoints / 100),
            }),
          },
          {
            label: t("review.deadline"),
            value: campaign.deadlineAt ? formats.dateTime(campaign.deadlineAt) : t("review.noDeadline"),
          },
        ]}
      />
      <p className="note mt-3 grid gap-1">
        <HashChip hash={contentHash} name={t("review.contentHash")} prefix={t("review.contentHash")} />
        {plan && <HashChip hash={plan.hash} name={t("review.planHash")} prefix={t("review.planHash")} />}
      </p>
    </>
  );
}

/** Every variant as recipients see it; attributes stand there by their name: whose value it is, not anybody's value. */
async function Messages({ view: { ctx, campaign, t, formats } }: { view: BuilderView }) {
  const [templates, attributes] = await Promise.all([listTemplates(ctx), listAttributes(ctx)]);
  const sample = Object.fromEntries(attributes.map(({ key, label }) => [key, `«${label}»`]));
  const time =
    localTime(campaign.schedule, formats)?.time ??
    (campaign.startsAt ? formats.timeBare(campaign.startsAt) : undefined);
  return (
    <section className="mt-8" aria-labelledby="messages">
      <h3 id="messages" className="mb-3">
        {t("review.messages")}
      </h3>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,240px),1fr))] gap-6">
        {campaign.variants.map(({ key, template, parameters, linkUrl, weight }) => {
          const parameterFormat = templates.find(({ id }) => id === template?.id)?.parameterFormat ?? "POSITIONAL";
          return (
            <div key={key} className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-3">
              <p className="flex items-baseline justify-between gap-3">
                <VariantTag variant={key} name={template?.name} small />
                <span className="num text-muted">{formats.percent(weight / 10_000, 0)}</span>
              </p>
              {template ? (
                <PhonePreview
                  sender={campaign.number?.verifiedName ?? campaign.brand.name}
                  label={t("samples.preview", { variant: key })}
                  message={phoneMessage(
                    { components: template.components, parameterFormat, mapping: parameters },
                    { name: t("samples.names.usual"), attributes: sample },
                    time,
                  )}
                />
              ) : (
                <p className="note">{t("samples.none", { variant: key })}</p>
              )}
              {linkUrl && <p className="note break-all">{t("review.linkTo", { url: linkUrl })}</p>}
            </div>
          );
        })}
      </div>
    </section>
  );
}
