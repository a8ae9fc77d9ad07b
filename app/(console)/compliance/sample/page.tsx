import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { countSends, listSamples } from "@/lib/reporting/queries/get-sample";
import { sampleSize } from "@/lib/reporting/sample-size";
import { ComplianceHead } from "../compliance-head";
import { officerWords } from "../officer-words";
import { samplePath } from "../paths";
import { DrawForm } from "./draw-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("sample.title") };
}

/** How many records does it take to be sure, and which were drawn before? */
export default async function SamplePage() {
  const ctx = await requirePerson("proof.read");
  const [population, samples, { o, formats }] = await Promise.all([countSends(ctx), listSamples(ctx), officerWords()]);
  const size = sampleSize(population);
  return (
    <ClientMessages namespaces={["officer"]}>
      <ComplianceHead />
      <Answer sub={o("sample.note")}>
        {o("sample.answer", {
          count: population,
          populationText: formats.integer(population),
          sizeText: formats.integer(size),
        })}
      </Answer>
      <Section title={o("sample.drawTitle")} note={o("sample.drawNote")}>
        <DrawForm suggested={formats.integer(size)} />
      </Section>
      {samples.length > 0 && (
        <Section title={o("sample.before")}>
          <DataTable
            compact
            caption={o("sample.before")}
            rows={samples}
            rowKey={({ sampleId }) => sampleId}
            columns={[
              {
                key: "at",
                head: o("sample.drawnAt"),
                cell: ({ sampleId, drawnAt, drawnBy }) => (
                  <TwoLines second={drawnBy ?? undefined}>
                    <Link href={samplePath(sampleId)}>
                      <TimeText at={drawnAt} formats={formats} />
                    </Link>
                  </TwoLines>
                ),
              },
              { key: "size", head: o("sample.records"), isNumber: true, cell: (row) => formats.integer(row.size) },
              {
                key: "population",
                head: o("sample.population"),
                isNumber: true,
                cell: (row) => formats.integer(row.population),
              },
              {
                key: "seed",
                head: o("sample.seed"),
                isLow: true,
                cell: ({ seed }) => <span className="mono break-all">{seed}</span>,
              },
            ]}
          />
        </Section>
      )}
    </ClientMessages>
  );
}
