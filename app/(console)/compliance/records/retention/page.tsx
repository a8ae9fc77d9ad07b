import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { classText, termText } from "@/lib/rights/package-html";
import { previewRetention } from "@/lib/rights/queries/preview-retention";
import { ComplianceHead } from "../../compliance-head";
import { rightsWords } from "../../rights-words";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("retention.title") };
}

/** What would go tonight? A dry run of the nightly job. */
export default async function RetentionPage() {
  const ctx = await requirePerson("rights.handle");
  const [rows, { t, formats }] = await Promise.all([previewRetention(ctx), rightsWords()]);
  const due = rows.reduce((sum, row) => sum + row.due, 0);
  return (
    <>
      <ComplianceHead title={t("retention.title")} />
      <Answer sub={t("retention.note")}>{t("retention.answer", { due, dueText: formats.integer(due) })}</Answer>
      <Section title={t("retention.what")} wide>
        <DataTable
          caption={t("retention.title")}
          rows={rows}
          rowKey={({ what }) => what}
          columns={[
            { key: "what", head: t("retention.what"), cell: ({ what }) => classText(what, t) },
            { key: "kept", head: t("retention.kept"), cell: ({ kept }) => termText(kept, t) },
            { key: "before", head: t("retention.before"), isLow: true, cell: ({ before }) => formats.date(before) },
            { key: "due", head: t("retention.due"), isNumber: true, cell: (row) => formats.integer(row.due) },
            {
              key: "removed",
              head: t("retention.removed"),
              isNumber: true,
              cell: ({ removed, lastRemovedAt }) => (
                <TwoLines second={lastRemovedAt ? formats.date(lastRemovedAt) : undefined}>
                  {formats.integer(removed)}
                </TwoLines>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
