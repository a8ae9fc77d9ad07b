import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { Answer, KeyValue, PageHeader, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { grantOf } from "@/lib/identity/authorize";
import { getNumber } from "@/lib/numbers/queries/get-number";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";
import { LimitText, QualityBadge, StateBadge } from "../number-marks";
import { stateOf } from "../number-state";
import { CheckButton } from "./check-button.client";
import { History } from "./history";
import { SettingsForm } from "./settings-form.client";
import { Stops } from "./stops";
import { TokenForm } from "./token-form.client";

type Address = { params: Promise<{ numberId: string }> };

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  const ctx = await requirePerson("number.read");
  const numberId = idInPath("num", (await params).numberId);
  return { title: (await found(getNumber(ctx, { numberId }))).displayNumber };
}

export default async function NumberPage({ params }: Address) {
  const ctx = await requirePerson("number.read");
  const numberId = idInPath("num", (await params).numberId);
  const [number, formats, t] = await Promise.all([
    found(getNumber(ctx, { numberId })),
    currentFormats(),
    getTranslator("numbers"),
  ]);
  const manages = grantOf(ctx.actor, "number.manage") !== undefined;
  const id = publicId("num", numberId);
  const { checkedAt } = number;
  const isStopped = number.stops.length > 0;
  const stops = <Stops number={number} ctx={ctx} formats={formats} />;
  return (
    <>
      <PageHeader
        title={number.displayNumber}
        status={<StateBadge number={number} />}
        actions={
          manages && (
            <>
              <CheckButton numberId={id} />
              <LinkButton href={`/settings/numbers/connect?number=${id}`}>{t("guide")}</LinkButton>
            </>
          )
        }
      />
      <Answer
        sub={
          checkedAt && (
            <>
              {t("seen")} <TimeText at={checkedAt} formats={formats} now={ctx.now()} />
            </>
          )
        }
      >
        {t(`stateText.${stateOf(number)}`, { status: number.status })}
      </Answer>
      {isStopped && stops}
      <Section title={t("facts.title")} note={t("facts.note")}>
        <KeyValue left rows={facts(number, { t, formats, now: ctx.now() })} />
      </Section>
      {manages && (
        <>
          <Section title={t("settings.title")} note={t("settings.note")} id="settings">
            <SettingsForm number={{ ...number, id }} />
          </Section>
          <Section title={t("token.title")} note={t("token.note")} id="token">
            <TokenForm numberId={id} />
          </Section>
        </>
      )}
      {!isStopped && stops}
      <Section title={t("history.title")} note={t("history.note")}>
        <History events={number.events} formats={formats} />
      </Section>
    </>
  );
}

const nameStates = ["APPROVED", "DECLINED", "REJECTED", "EXPIRED", "PENDING_REVIEW", "NONE"] as const;
const states = ["CONNECTED", "PENDING", "FLAGGED", "RATE_LIMITED", "RESTRICTED", "BANNED", "DISCONNECTED"] as const;

/** Meta's word in ours; one that we have none for stands as it came. */
function inWords<One extends string>(said: string | null, known: readonly One[], word: (one: One) => string): string {
  const one = known.find((name) => name === said);
  return one ? word(one) : (said ?? "–");
}

function facts(number: NumberView, { t, formats, now }: { t: Translator<"numbers">; formats: Formats; now: Date }) {
  const { verifiedName, nameStatus, username, status, qualityRating, throughputLevel, messagesPerSecond } = number;
  const { wabaId, phoneNumberId, appId, portfolioId, lastWebhookAt } = number;
  const level = throughputLevel === "HIGH" || throughputLevel === "COEXISTENCE" ? throughputLevel : "STANDARD";
  const rate = t("perSecond", { count: formats.integer(messagesPerSecond) });
  const code = (text: string | null) => (text ? <span className="num break-all">{text}</span> : "–");
  return [
    { label: t("facts.verifiedName"), value: verifiedName },
    { label: t("facts.nameStatus"), value: inWords(nameStatus, nameStates, (one) => t(`facts.nameStates.${one}`)) },
    ...(username ? [{ label: t("facts.username"), value: username }] : []),
    { label: t("facts.status"), value: inWords(status, states, (one) => t(`facts.states.${one}`)) },
    { label: t("facts.quality"), value: <QualityBadge rating={qualityRating} /> },
    {
      label: t("facts.limit"),
      value: (
        <>
          <LimitText number={number} formats={formats} />
          <span className="note block">{t("facts.limitNote")}</span>
        </>
      ),
    },
    { label: t("facts.throughput"), value: `${rate} (${t(`facts.levels.${level}`)})` },
    {
      label: t("facts.webhook"),
      value: lastWebhookAt ? <TimeText at={lastWebhookAt} formats={formats} now={now} /> : t("never"),
    },
    { label: t("facts.waba"), value: code(wabaId) },
    { label: t("facts.phoneNumberId"), value: code(phoneNumberId) },
    { label: t("facts.appId"), value: code(appId) },
    { label: t("facts.portfolioId"), value: code(portfolioId) },
  ];
}
