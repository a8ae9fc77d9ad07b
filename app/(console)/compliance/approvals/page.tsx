import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import { type Approval, type ApprovalKind, approvalKinds, listApprovals } from "@/lib/reporting/queries/list-approvals";
import { blockText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { officerWords, type Words } from "../officer-words";
import { personPath, requestPath } from "../paths";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("approvals.title") };
}

/** What waits for a second person? Everything in one list, each leading to where it is decided. */
export default async function ApprovalsPage() {
  const ctx = await requirePerson("ledger.read");
  const [approvals, words] = await Promise.all([listApprovals(ctx), officerWords()]);
  const { o, formats } = words;
  const groups = approvalKinds
    .map((kind) => ({
      key: kind,
      title: o(`approvals.kinds.${kind}`),
      rows: approvals.filter((one) => one.kind === kind),
    }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <>
      <ComplianceHead />
      <Answer sub={o("approvals.note")}>
        {o("approvals.answer", { count: approvals.length, countText: formats.integer(approvals.length) })}
      </Answer>
      <Section wide title={o("approvals.list")}>
        {groups.length === 0 ? (
          <EmptyState title={o("approvals.none")}>{o("approvals.noneText")}</EmptyState>
        ) : (
          <DataTable
            caption={o("approvals.list")}
            groups={groups}
            rowKey={({ kind, id, name }) => `${kind} ${id} ${name}`}
            columns={[
              {
                key: "what",
                head: o("approvals.what"),
                cell: (row) => <Link href={paths[row.kind](row.id)}>{nameOf(row, words)}</Link>,
              },
              {
                key: "asked",
                head: o("approvals.asked"),
                cell: ({ askedBy, askedAt }) => (
                  <TwoLines second={askedBy ?? undefined}>
                    <TimeText at={askedAt} formats={formats} />
                  </TwoLines>
                ),
              },
              {
                key: "who",
                head: o("approvals.who"),
                cell: ({ kind, isOwn }) =>
                  isOwn ? (
                    <StatusBadge tone="idle">{o("approvals.own")}</StatusBadge>
                  ) : (
                    <span className="text-muted">{o(`approvals.deciders.${kind}`)}</span>
                  ),
              },
            ]}
          />
        )}
      </Section>
    </>
  );
}

const paths: Record<ApprovalKind, (id: string) => string> = {
  campaign: (id) => `/campaigns/${publicId("cmp", id)}`,
  import: (id) => `/audiences/imports/${publicId("imp", id)}`,
  policy: () => "/compliance/rules",
  removal: () => "/compliance/suppression",
  invalidation: (id) => `${personPath(id)}#doubted`,
  rights: requestPath,
  kill_switch: () => "/settings/numbers",
  review: () => "/compliance/suppression#review",
};

function nameOf({ kind, name, size }: Approval, { t, o, formats }: Words): string {
  switch (kind) {
    case "removal":
      return o("approvals.names.removal", { why: blockText(name ?? "", t) });
    case "invalidation":
      return o("approvals.names.invalidation", { purpose: name ?? "" });
    case "rights":
      return o("approvals.names.rights", { what: name ?? "" });
    case "kill_switch":
      return o("approvals.names.kill_switch", { level: name ?? "" });
    case "policy":
      return o("approvals.names.policy", { number: name ?? "" });
    case "review":
      return o("approvals.names.review");
    case "import":
      return o("approvals.names.import", {
        name: name ?? "",
        count: size ?? 0,
        countText: formats.integer(size ?? 0),
      });
    case "campaign":
      return name ?? "";
  }
}
