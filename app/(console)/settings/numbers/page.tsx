import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import { grantOf } from "@/lib/identity/authorize";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { SettingsTabs } from "../settings-tabs";
import { LimitText, QualityBadge, StateBadge } from "./number-marks";
import { canSend, stateOf } from "./number-state";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("numbers"))("title") };
}

export default async function NumbersPage() {
  const ctx = await requirePerson("number.read");
  const [numbers, t, formats] = await Promise.all([listNumbers(ctx), getTranslator("numbers"), currentFormats()]);
  const ready = numbers.filter((number) => canSend(stateOf(number))).length;
  const connect = grantOf(ctx.actor, "number.manage") && (
    <LinkButton href="/settings/numbers/connect" look="primary">
      <Plus aria-hidden />
      {t("connect")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader title={t("title")} tabs={<SettingsTabs ctx={ctx} />} actions={connect} />
      <Answer sub={t("answerNote")}>
        {t("answer", {
          total: numbers.length,
          totalText: formats.integer(numbers.length),
          ready,
          readyText: formats.integer(ready),
        })}
      </Answer>
      {numbers.length === 0 ? (
        <EmptyState title={t("empty.title")}>{t("empty.text")}</EmptyState>
      ) : (
        <DataTable
          caption={t("title")}
          rows={numbers}
          rowKey={({ id }) => id}
          columns={[
            {
              key: "number",
              head: t("columns.number"),
              cell: ({ id, displayNumber, verifiedName }) => (
                <TwoLines second={verifiedName}>
                  <Link className="num whitespace-nowrap" href={`/settings/numbers/${publicId("num", id)}`}>
                    {displayNumber}
                  </Link>
                </TwoLines>
              ),
            },
            { key: "state", head: t("columns.state"), cell: (number) => <StateBadge number={number} /> },
            {
              key: "quality",
              head: t("columns.quality"),
              cell: ({ qualityRating }) => <QualityBadge rating={qualityRating} />,
            },
            {
              key: "limit",
              head: t("columns.limit"),
              cell: (number) => <LimitText number={number} formats={formats} />,
            },
            {
              key: "throughput",
              head: t("columns.throughput"),
              isLow: true,
              cell: ({ messagesPerSecond }) => t("perSecond", { count: formats.integer(messagesPerSecond) }),
            },
            {
              key: "endpoint",
              head: t("columns.endpoint"),
              isLow: true,
              cell: ({ endpoint }) => t(`endpoints.${endpoint}`),
            },
            {
              key: "webhook",
              head: t("columns.webhook"),
              cell: ({ lastWebhookAt }) =>
                lastWebhookAt ? <TimeText at={lastWebhookAt} formats={formats} now={ctx.now()} /> : t("never"),
            },
          ]}
        />
      )}
    </>
  );
}
