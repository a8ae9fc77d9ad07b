import type { ReactNode } from "react";
import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Callout } from "@/app/_ui/banner";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Section, Tiles } from "@/app/_ui/page";
import type { ImportCounts } from "@/lib/imports/import";

const outcomes = ["granted", "pending", "withdrawn", "none"] as const;

/** What a file does to the audience: people, then consent, then what somebody should look at. Before and after alike. */
export async function Counts({ counts, purpose }: { counts: ImportCounts; purpose: string }) {
  const [formats, t] = await Promise.all([currentFormats(), getTranslator("imports")]);
  const { integer } = formats;
  return (
    <>
      <Section
        title={t("counts.people")}
        note={t("counts.peopleNote", {
          rowsText: integer(counts.rows),
          contactsText: integer(counts.contacts),
          duplicatesText: integer(counts.duplicates),
          rejectedText: integer(counts.rejected),
        })}
      >
        <Tiles
          tiles={(["created", "updated", "unchanged", "rejected"] as const).map((key) => ({
            label: t(`counts.${key}`),
            figure: integer(counts[key]),
            note: t(`counts.${key}Note`),
          }))}
        />
      </Section>
      <Section title={t("counts.consent")} note={t("counts.consentNote", { purpose })}>
        <DataTable
          caption={t("counts.consent")}
          rows={outcomes}
          rowKey={(outcome) => outcome}
          cards={false}
          columns={[
            {
              key: "outcome",
              head: t("counts.state"),
              cell: (outcome) => (
                <TwoLines second={t(`counts.outcomeNotes.${outcome}`)}>{t(`counts.outcomes.${outcome}`)}</TwoLines>
              ),
            },
            {
              key: "count",
              head: t("counts.contacts"),
              isNumber: true,
              cell: (outcome) => integer(counts.consent[outcome]),
            },
          ]}
          foot={[t("counts.total"), integer(counts.contacts)]}
        />
        <Remarks counts={counts} />
      </Section>
    </>
  );
}

async function Remarks({ counts }: { counts: ImportCounts }) {
  const [formats, t] = await Promise.all([currentFormats(), getTranslator("imports")]);
  const remarks: { tone: "warn" | "info"; text: ReactNode }[] = [];
  const { rejectedOptOuts, otherChannel, unknownWordings } = counts;
  const many = (count: number) => ({ count, countText: formats.integer(count) });
  if (rejectedOptOuts > 0) remarks.push({ tone: "warn", text: t("remarks.rejectedOptOuts", many(rejectedOptOuts)) });
  if (unknownWordings.length > 0) {
    remarks.push({ tone: "warn", text: t("remarks.unknownWordings", { list: formats.list(unknownWordings) }) });
  }
  if (otherChannel > 0) remarks.push({ tone: "info", text: t("remarks.otherChannel", many(otherChannel)) });
  if (remarks.length === 0) return null;
  return (
    <div className="mt-5 grid gap-3">
      {remarks.map(({ tone, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: remarks stand in a fixed order
        <Callout key={index} tone={tone}>
          {text}
        </Callout>
      ))}
    </div>
  );
}
