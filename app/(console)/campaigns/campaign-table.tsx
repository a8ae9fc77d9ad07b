import Link from "next/link";
import type { ReactNode } from "react";
import { CampaignBadge } from "@/app/_ui/badge";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { TimeText } from "@/app/_ui/text";
import { type VariantKey, VariantShape } from "@/app/_ui/variant";
import { variantKeys } from "@/lib/campaigns/campaign";
import type { CampaignSummary } from "@/lib/campaigns/queries/list-campaigns";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { Actor } from "@/lib/identity/actor";
import { may } from "@/lib/identity/authorize";
import { type Need, needOf, needs } from "./needs";
import { campaignPath, landingOf } from "./paths";

interface Words {
  actor: Actor;
  now: Date;
  t: Translator<"campaigns">;
  formats: Formats;
}

/** Campaigns grouped by what they ask of their reader. */
export function CampaignTable({ campaigns, ...words }: Words & { campaigns: readonly CampaignSummary[] }) {
  const { actor, t, formats } = words;
  const groups = needs.flatMap((need) => {
    const rows = campaigns.filter((campaign) => needOf(campaign, actor) === need);
    return rows.length === 0
      ? []
      : [{ key: need, title: <GroupTitle need={need} count={rows.length} {...words} />, rows }];
  });
  return (
    <DataTable
      caption={t("tableCaption")}
      groups={groups}
      rowKey={(campaign) => campaign.id}
      columns={[
        {
          key: "name",
          head: t("columns.name"),
          cell: ({ id, name, metric, segmentName }) => (
            <TwoLines second={[metric && t(`metric.${metric}`), segmentName].filter(Boolean).join(" · ")}>
              <Link href={campaignPath(id)}>{name}</Link>
            </TwoLines>
          ),
        },
        { key: "status", head: t("columns.status"), cell: ({ status }) => <CampaignBadge status={status} /> },
        {
          key: "variants",
          head: t("columns.variants"),
          isLow: true,
          cell: (campaign) => <Shapes campaign={campaign} t={t} />,
        },
        {
          key: "people",
          head: t("columns.people"),
          isNumber: true,
          cell: ({ recipients }) =>
            recipients === null ? <span className="note">{t("notPlanned")}</span> : formats.integer(recipients),
        },
        { key: "stands", head: t("columns.stands"), cell: (campaign) => <Standing campaign={campaign} {...words} /> },
        {
          key: "next",
          head: t("columns.next"),
          cell: (campaign) => <NextStep campaign={campaign} {...words} />,
        },
        {
          key: "by",
          head: t("columns.by"),
          isLow: true,
          cell: ({ createdByName }) => <span className="text-muted">{createdByName}</span>,
        },
      ]}
    />
  );
}

function GroupTitle({ need, count, t, formats }: Words & { need: Need; count: number }) {
  return (
    <>
      {t(`needs.${need}`)} <span className="note num ml-1 font-normal">{formats.integer(count)}</span>
    </>
  );
}

function Shapes({ campaign, t }: { campaign: CampaignSummary; t: Translator<"campaigns"> }) {
  const keys: VariantKey[] = [
    ...variantKeys.slice(0, campaign.variants),
    ...(campaign.holdoutBasisPoints > 0 ? (["holdout"] as const) : []),
  ];
  const name = campaign.holdoutBasisPoints > 0 ? "shapesHoldout" : "shapes";
  return (
    <span
      className="inline-flex gap-2"
      role="img"
      aria-label={t(name, { variants: variantKeys.slice(0, campaign.variants).join(", ") })}
    >
      {keys.map((key) => (
        <svg key={key} width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true">
          <VariantShape variant={key} />
        </svg>
      ))}
    </span>
  );
}

/** Where it stands, in the words of its state; the date that matters in it. */
function Standing({ campaign, now, t, formats }: Words & { campaign: CampaignSummary }): ReactNode {
  const { status, startsAt, sendingStartedAt, measuringUntil, concludedAt, updatedAt } = campaign;
  const at: Record<typeof status, Date | null> = {
    draft: updatedAt,
    in_review: updatedAt,
    approved: updatedAt,
    scheduled: startsAt,
    sending: sendingStartedAt,
    measuring: measuringUntil,
    concluded: concludedAt,
    paused: updatedAt,
    frozen: updatedAt,
    stopped: updatedAt,
    archived: updatedAt,
  };
  const when = at[status];
  return (
    <TwoLines second={when && <TimeText at={when} now={when < now ? now : undefined} formats={formats} />}>
      {t(`stands.${status}`)}
    </TwoLines>
  );
}

function NextStep({ campaign, actor, t }: Words & { campaign: CampaignSummary }) {
  const { id, status } = campaign;
  const mayEdit = may(actor, "campaign.edit");
  const step = {
    draft: mayEdit ? "continue" : "view",
    in_review: may(actor, "campaign.approve") ? "review" : "view",
    approved: may(actor, "campaign.launch") ? "launch" : "view",
    scheduled: "follow",
    sending: "follow",
    paused: "follow",
    frozen: "follow",
    measuring: "results",
    concluded: "results",
    stopped: "history",
    archived: "history",
  } as const;
  return (
    <Link href={landingOf(id, { status, mayEdit })}>
      {t(`next.${step[status]}`)}
      <span className="sr-only">: {campaign.name}</span>
    </Link>
  );
}
