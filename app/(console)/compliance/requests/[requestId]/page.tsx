import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Callout } from "@/app/_ui/banner";
import { LinkButton } from "@/app/_ui/button";
import { type CheckItem, Checklist, Timeline } from "@/app/_ui/checklist";
import { ClientMessages } from "@/app/_ui/client-messages";
import { TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { getRequest, type RequestView } from "@/lib/rights/queries/get-request";
import { previewErasure } from "@/lib/rights/queries/preview-erasure";
import { refusalReasons, requestCan } from "@/lib/rights/request";
import { entryTypeText } from "../../codes";
import { ComplianceHead } from "../../compliance-head";
import { personPath, requestPath } from "../../paths";
import { type RightsWords, rightsWords } from "../../rights-words";
import { leftText, statusTones } from "../words";
import {
  AcceptMessage,
  AskedWords,
  ChoiceButton,
  DeliveryLink,
  EmailCode,
  EraseButton,
  LiftButton,
  RectifyForm,
  StepButton,
} from "./act.client";
import { Blocked } from "./blocked";

interface Props {
  params: Promise<{ requestId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("title") };
}

/** One request: what was done, what is to be done next, and how long there is. */
export default async function RequestPage({ params }: Props) {
  const ctx = await requirePerson("rights.handle");
  const requestId = idInPath("rgt", (await params).requestId);
  const [view, words] = await Promise.all([found(getRequest(ctx, { requestId })), rightsWords()]);
  const { t, formats } = words;
  const id = publicId("rgt", requestId).slice(-6);
  return (
    <ClientMessages namespaces={["rights"]}>
      <ComplianceHead
        title={t("heading", { kind: t(`kinds.${view.kind}`), id })}
        status={<StatusBadge tone={statusTones[view.status]}>{t(`statuses.${view.status}`)}</StatusBadge>}
        actions={<Steering view={view} words={words} />}
      />
      {view.closedAt === null && (
        <Answer sub={t("facts.dueOn", { when: formats.dateTime(view.dueAt), urgency: view.urgency })}>
          {leftText(view, words)}.
        </Answer>
      )}
      <Section title={t("steps.title")}>
        <Checklist items={stepsOf(view, words)} />
      </Section>
      {requestCan.checkIdentity(view) && <Identity view={view} words={words} />}
      <Acts ctx={ctx} view={view} words={words} id={id} />
      {view.kind === "erasure" && view.status === "closed" && view.blockUntil && view.blockUntil > ctx.now() && (
        <Blocked ctx={ctx} contactId={view.contactId} words={words} />
      )}
      <Section title={t("facts.title")}>
        <Facts view={view} words={words} />
      </Section>
      <Section title={t("history.title")} note={t("history.note")}>
        <History view={view} />
      </Section>
    </ClientMessages>
  );
}

function Steering({ view, words: { t } }: { view: RequestView; words: RightsWords }) {
  const { requestId, officers } = view;
  const extensions = (["complex", "many"] as const).map((value) => ({
    value,
    label: t(`facts.extendedReasons.${value}`),
  }));
  return (
    <>
      {requestCan.assign(view) && (
        <ChoiceButton
          requestId={requestId}
          what="assign"
          options={officers.map(({ userId, name }) => ({ value: userId, label: name }))}
        />
      )}
      {requestCan.extend(view) && view.jurisdiction !== "BR" && (
        <ChoiceButton requestId={requestId} what="extend" options={extensions} />
      )}
      {requestCan.refuse(view) && (
        <ChoiceButton
          requestId={requestId}
          what="refuse"
          options={refusalReasons.map((value) => ({ value, label: t(`refusals.${value}`) }))}
        />
      )}
    </>
  );
}

function stepsOf(view: RequestView, { t, formats }: RightsWords): CheckItem[] {
  const { kind, identity, package: kept, link } = view;
  const when = (at: Date) => formats.dateTime(at);
  const step = (id: string, title: string, done: string | null | undefined | false): CheckItem =>
    done ? { id, title, value: done, status: "pass" } : { id, title, status: "todo" };
  const identityStep = step(
    "identity",
    t("steps.identity"),
    identity && t("steps.identityDone", { method: identity.method, when: when(identity.at) }),
  );
  const closed = step("close", t("steps.close"), view.closedAt && when(view.closedAt));
  if (kind === "restriction" || kind === "objection")
    return [step("apply", t("steps.apply"), view.executedAt && when(view.executedAt))];
  if (kind === "rectification")
    return [identityStep, step("apply", t("steps.apply"), view.executedAt && when(view.executedAt))];
  if (kind === "erasure") {
    const second =
      view.approvedAt && t("steps.approveDone", { who: view.approvedBy ?? "", when: when(view.approvedAt) });
    return [
      identityStep,
      { ...step("second", t("steps.second"), second), ...(!second && { explanation: t("steps.secondText") }) },
      step("erased", t("steps.erased"), view.executedAt && t("steps.erasedDone", { when: when(view.executedAt) })),
    ];
  }
  const count = kept?.redactions ?? 0;
  return [
    identityStep,
    step("collect", t("steps.collect"), kept && t("steps.collectDone", { when: when(kept.builtAt) })),
    step(
      "review",
      t("steps.review"),
      view.redactedBy && t("steps.reviewDone", { count, countText: formats.integer(count), who: view.redactedBy }),
    ),
    step(
      "approve",
      t("steps.approve"),
      view.approvedAt && t("steps.approveDone", { who: view.approvedBy ?? "", when: when(view.approvedAt) }),
    ),
    step("deliver", t("steps.deliver"), link && t("steps.deliverDone", { when: when(link.createdAt) })),
    closed,
  ];
}

function Identity({ view, words: { t, formats } }: { view: RequestView; words: RightsWords }) {
  const { requestId, evidence, hasEmail } = view;
  return (
    <Section title={t("identity.title")} note={t("identity.note")}>
      {evidence.length === 0 ? (
        <p className="mb-6">{t("identity.none")}</p>
      ) : (
        <ul className="mb-6 grid gap-3">
          {evidence.map(({ inboundId, at }) => (
            <li key={inboundId} className="flex flex-wrap items-center gap-3">
              <span>{t("identity.message", { when: formats.dateTime(at) })}</span>
              <AcceptMessage requestId={requestId} inboundId={inboundId} when={formats.dateTime(at)} />
            </li>
          ))}
        </ul>
      )}
      {hasEmail ? <EmailCode requestId={requestId} /> : <p className="note">{t("identity.noEmail")}</p>}
    </Section>
  );
}

async function Acts({ ctx, view, words, id }: { ctx: Context; view: RequestView; words: RightsWords; id: string }) {
  const { t } = words;
  const { requestId, kind } = view;
  const whats = (["name", "phone", "email", "external"] as const).map((value) => ({
    value,
    label: t(`act.whats.${value}`),
  }));
  const canLift = kind === "restriction" && view.isRestricted && view.closedAt !== null;
  return (
    <>
      {kind === "erasure" && !view.executedAt && view.status !== "refused" && (
        <Erasure ctx={ctx} view={view} words={words} id={id} />
      )}
      {(requestCan.buildPackage(view) || requestCan.approve(view) || requestCan.deliver(view)) && (
        <Section title={t("act.title")}>
          <div className="flex flex-wrap items-start gap-3">
            {requestCan.redact(view) && (
              <LinkButton
                look={view.status === "package_ready" ? "primary" : undefined}
                href={`${requestPath(requestId)}/package`}
              >
                {t("act.review")}
              </LinkButton>
            )}
            {requestCan.buildPackage(view) && (
              <StepButton
                requestId={requestId}
                step="build"
                label={view.package ? t("act.rebuild") : t("act.build")}
                look={view.package ? "quiet" : "primary"}
              />
            )}
            {requestCan.approve(view) && (
              <StepButton requestId={requestId} step="approve" label={t("act.approve")} look="primary" />
            )}
            {requestCan.close(view) && (
              <StepButton requestId={requestId} step="close" label={t("act.close")} text={t("act.closeText")} />
            )}
          </div>
        </Section>
      )}
      {requestCan.deliver(view) && <Delivery view={view} words={words} at={ctx.now()} />}
      {requestCan.restrict(view) && (
        <Section title={t("act.title")} note={t("act.restrictText")}>
          <StepButton requestId={requestId} step="restrict" label={t("act.restrict")} look="primary" />
        </Section>
      )}
      {canLift && (
        <Section title={t("act.title")} note={t("act.liftText")}>
          <LiftButton contactId={view.contactId} />
        </Section>
      )}
      {requestCan.object(view) && (
        <Section title={t("act.title")} note={t("act.objectText")}>
          <StepButton requestId={requestId} step="object" label={t("act.object")} look="primary" />
        </Section>
      )}
      {requestCan.rectify(view) && (
        <Section title={t("act.title")}>
          <RectifyForm requestId={requestId} options={whats} />
        </Section>
      )}
    </>
  );
}

function Delivery({ view, words: { t, formats }, at }: { view: RequestView; words: RightsWords; at: Date }) {
  const { link, requestId } = view;
  const isOver = link && link.expiresAt <= at;
  const state = link && (link.revokedAt ? "revoked" : isOver ? "expired" : link.claimedAt ? "claimed" : "open");
  return (
    <Section title={t("linkBox.title")} note={t("linkBox.note")}>
      {link && state && (
        <div className="mb-4 flex flex-wrap items-center gap-3">
          <StatusBadge tone={state === "revoked" || state === "expired" ? "idle" : "ok"}>
            {t("linkBox.state", { state })}
          </StatusBadge>
          <span className="note">
            {t("linkBox.until", { when: formats.dateTime(link.expiresAt) })} ·{" "}
            {t("linkBox.views", { count: link.views, countText: formats.integer(link.views) })}
          </span>
          {!link.revokedAt && !isOver && (
            <StepButton
              requestId={requestId}
              step="revoke"
              label={t("act.revoke")}
              text={t("act.revokeText")}
              look="quiet"
            />
          )}
        </div>
      )}
      <DeliveryLink requestId={requestId} label={link ? t("act.newLink") : t("act.link")} />
    </Section>
  );
}

/** What goes and what must stay, and why: before anybody can say yes. */
async function Erasure({ ctx, view, words, id }: { ctx: Context; view: RequestView; words: RightsWords; id: string }) {
  const { t, formats } = words;
  const preview = await previewErasure(ctx, { contactId: view.contactId });
  return (
    <Section title={t("preview.title")}>
      <Callout tone={preview.blockUntil ? "warn" : "info"}>
        {preview.blockUntil ? t("preview.block", { date: formats.date(preview.blockUntil) }) : t("preview.noBlock")}
      </Callout>
      <div className="mt-4 grid gap-6">
        <section>
          <h3 className="mb-2">{t("preview.goes")}</h3>
          <KeyValue
            rows={preview.goes.map(({ what, count }) => ({
              label: t(`preview.what.${what}`),
              value: formats.integer(count),
            }))}
          />
        </section>
        <section>
          <h3 className="mb-2">{t("preview.stays")}</h3>
          <KeyValue
            rows={preview.stays.map(({ what, count }) => ({
              label: <TwoLines second={t(`preview.why.${what}`)}>{t(`preview.kept.${what}`)}</TwoLines>,
              value: formats.integer(count),
            }))}
          />
        </section>
        {requestCan.approveErasure(view) && view.mayBeSecond && (
          <div>
            <EraseButton requestId={view.requestId} typed={id} />
          </div>
        )}
      </div>
    </Section>
  );
}

function Facts({ view, words: { t, formats } }: { view: RequestView; words: RightsWords }) {
  const { extendedReason, refusedReason } = view;
  const extended = (["complex", "many"] as const).find((one) => one === extendedReason);
  const refused = refusalReasons.find((one) => one === refusedReason);
  const assignee = view.officers.find(({ userId }) => userId === view.assignedTo)?.name;
  return (
    <KeyValue
      left
      rows={[
        {
          label: t("facts.person"),
          value: <Link href={personPath(view.contactId)}>{publicId("con", view.contactId)}</Link>,
        },
        ...(view.hasWords ? [{ label: t("facts.asked"), value: <AskedWords requestId={view.requestId} /> }] : []),
        { label: t("facts.received"), value: formats.dateTime(view.receivedAt) },
        { label: t("facts.due"), value: formats.dateTime(view.dueAt) },
        {
          label: t("facts.jurisdiction"),
          value: view.jurisdiction ? formats.country(view.jurisdiction) : t("facts.unknownCountry"),
        },
        { label: t("facts.openedBy"), value: view.openedBy ?? "–" },
        { label: t("facts.assignee"), value: assignee ?? t("nobodyAssigned") },
        ...(extended ? [{ label: t("facts.extended"), value: t(`facts.extendedReasons.${extended}`) }] : []),
        ...(refused ? [{ label: t("facts.refused"), value: t(`refusals.${refused}`) }] : []),
      ]}
    />
  );
}

async function History({ view }: { view: RequestView }) {
  const [t, formats] = await Promise.all([getTranslator("compliance"), currentFormats()]);
  return (
    <Timeline
      entries={view.history.toReversed().map(({ at, type, by }, index) => ({
        id: `${index}`,
        when: <TimeText at={at} formats={formats} />,
        title: entryTypeText(type, t),
        detail: by,
      }))}
    />
  );
}
