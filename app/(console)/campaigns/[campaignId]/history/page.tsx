import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { CampaignBadge } from "@/app/_ui/badge";
import { Timeline } from "@/app/_ui/checklist";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, PageHeader } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import type { Tone } from "@/app/_ui/tones";
import type { HistoryItem } from "@/lib/campaigns/history";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { getCampaignHistory } from "@/lib/campaigns/queries/get-campaign-history";
import { isUuid } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { CampaignMenu } from "../campaign-menu.client";
import { CampaignTabs } from "../campaign-tabs";
import { changeNames } from "../change-names";
import { type CampaignParams, campaignIdOf, found } from "../load";
import { Changes } from "./changes";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("campaigns"))("history.title") };
}

const types = [
  "created",
  "edited",
  "review_requested",
  "approved",
  "changes_asked",
  "approval_voided",
  "launched",
  "launch_cancelled",
  "paused",
  "resumed",
  "stopped",
  "archived",
  "frozen",
  "sending",
  "measuring",
  "concluded",
] as const;

const tones: Partial<Record<(typeof types)[number], Tone>> = {
  approved: "ok",
  launched: "info",
  changes_asked: "warn",
  approval_voided: "warn",
  paused: "warn",
  frozen: "bad",
  stopped: "bad",
};

/** Who changed, approved or stopped what? Newest first; edits of one sitting are one entry. */
export default async function HistoryPage({ params }: { params: CampaignParams }) {
  const ctx = await requirePerson("campaign.read");
  const campaignId = await campaignIdOf(params);
  const [campaign, history, t, formats] = await Promise.all([
    found(getCampaign(ctx, { campaignId })),
    getCampaignHistory(ctx, { campaignId }),
    getTranslator("campaigns"),
    currentFormats(),
  ]);
  const names = await changeNames(ctx);
  const [latest] = history;
  return (
    <ClientMessages namespaces={["campaigns"]}>
      <PageHeader
        title={campaign.name}
        status={<CampaignBadge status={campaign.status} />}
        actions={
          may(ctx.actor, "campaign.edit") && (
            <CampaignMenu campaignId={campaignId} name={campaign.name} mayEdit mayArchive={campaign.acts.archive} />
          )
        }
        tabs={<CampaignTabs ctx={ctx} campaignId={campaignId} />}
      />
      <Answer sub={t("history.note")}>
        {t("history.answer", {
          count: history.length,
          countText: formats.integer(history.length),
          when: latest ? formats.dateTime(latest.at) : "",
        })}
      </Answer>
      <Timeline
        entries={history.map((item) => {
          const type = types.find((one) => one === item.type);
          return {
            id: item.id,
            tone: (type && tones[type]) ?? "info",
            when: <TimeText at={item.at} now={ctx.now()} formats={formats} />,
            title: t("history.line", { name: actorName(item, t), what: actText(item, t) }),
            detail: (
              <>
                {sentenceOf(item)}
                {item.changes.length > 0 && <Changes changes={item.changes} names={names} t={t} formats={formats} />}
              </>
            ),
          };
        })}
      />
    </ClientMessages>
  );
}

function actText(item: HistoryItem, t: Translator<"campaigns">): string {
  const type = types.find((one) => one === item.type);
  return type ? t(`history.types.${type}`) : t("history.types.other", { type: item.type });
}

/** People by name; what our own processes did is the product's. */
function actorName({ actorId, actorName: name }: HistoryItem, t: Translator<"campaigns">): string {
  if (name) return name;
  return t(actorId !== null && isUuid(actorId) ? "history.somebody" : "history.system");
}

/** What a person wrote when they did it. */
function sentenceOf({ data }: HistoryItem): string | undefined {
  const said = data.comment ?? data.reason;
  return typeof said === "string" ? said : undefined;
}
