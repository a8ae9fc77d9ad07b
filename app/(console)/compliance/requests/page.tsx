import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { publicId } from "@/lib/foundation/ids";
import { localDate } from "@/lib/foundation/time";
import { listRequests, type RequestSummary } from "@/lib/rights/queries/list-requests";
import { requestKinds } from "@/lib/rights/request";
import { ComplianceHead } from "../compliance-head";
import { requestPath } from "../paths";
import { NewRequest } from "./new-request.client";
import { leftText, statusTones, urgencyTones } from "./words";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("title") };
}

/** What do people ask of us, and how long do we have? */
export default async function RequestsPage() {
  const ctx = await requirePerson("rights.handle");
  const [{ open, closed }, t, formats] = await Promise.all([
    listRequests(ctx),
    getTranslator("rights"),
    currentFormats(),
  ]);
  const overdue = open.filter(({ urgency }) => urgency === "overdue").length;
  const name = ({ requestId, kind }: RequestSummary) => (
    <Link href={requestPath(requestId)}>
      {t("heading", { kind: t(`kinds.${kind}`), id: publicId("rgt", requestId).slice(-6) })}
    </Link>
  );
  const today = localDate(ctx.now(), formats.settings.timeZone);
  return (
    <ClientMessages namespaces={["rights"]}>
      <ComplianceHead />
      <Answer sub={t("answerNote")}>
        {t("answer", {
          open: open.length,
          openText: formats.integer(open.length),
          overdue,
          overdueText: formats.integer(overdue),
        })}
      </Answer>
      <Section title={t("queue")} note={t("queueNote")}>
        {open.length === 0 ? (
          <EmptyState title={t("emptyTitle")}>{t("emptyText")}</EmptyState>
        ) : (
          <DataTable
            caption={t("queue")}
            rows={open}
            rowKey={({ requestId }) => requestId}
            columns={[
              { key: "request", head: t("columns.request"), cell: name },
              {
                key: "left",
                head: t("columns.left"),
                cell: (row) => (
                  <TwoLines second={formats.date(row.dueAt)}>
                    <StatusBadge tone={urgencyTones[row.urgency]} filled={row.urgency === "overdue"}>
                      {leftText(row, { t, formats })}
                    </StatusBadge>
                  </TwoLines>
                ),
              },
              {
                key: "status",
                head: t("columns.status"),
                cell: ({ status }) => <StatusBadge tone={statusTones[status]}>{t(`statuses.${status}`)}</StatusBadge>,
              },
              {
                key: "assignee",
                head: t("columns.assignee"),
                cell: ({ assignee }) => assignee ?? t("nobodyAssigned"),
              },
              {
                key: "received",
                head: t("columns.received"),
                isLow: true,
                cell: ({ receivedAt }) => formats.date(receivedAt),
              },
            ]}
          />
        )}
      </Section>
      <Section title={t("new.title")} note={t("new.note")} id="new">
        <NewRequest kinds={requestKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))} today={today} />
      </Section>
      {closed.length > 0 && (
        <Section title={t("closedTitle")} note={t("closedNote")}>
          <DataTable
            compact
            caption={t("closedTitle")}
            rows={closed}
            rowKey={({ requestId }) => requestId}
            columns={[
              { key: "request", head: t("columns.request"), cell: name },
              {
                key: "status",
                head: t("columns.status"),
                cell: ({ status }) => <StatusBadge tone={statusTones[status]}>{t(`statuses.${status}`)}</StatusBadge>,
              },
              {
                key: "closed",
                head: t("columns.closed"),
                cell: ({ closedAt }) => (closedAt ? formats.date(closedAt) : "–"),
              },
            ]}
          />
        </Section>
      )}
    </ClientMessages>
  );
}
