import { CampaignBadge, WordTag } from "@/app/_ui/badge";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { intervalScale } from "@/app/_ui/interval-geometry";
import { MiniInterval } from "@/app/_ui/interval-plot";
import { KeyValue, Section } from "@/app/_ui/page";
import { DiffText, HashChip, MaskedPhone, MoneyText, PercentText } from "@/app/_ui/text";
import type { Story } from "./say";

const interval = { estimate: 0.018, lower: 0.011, upper: 0.025 };
const scale = intervalScale([interval], 0.01);

export function TableStories({ say, formats }: Story) {
  const rows = [
    { id: "a", name: say("Adelanto de Navidad", "Christmas preview"), status: "concluded" as const, people: 41_500 },
    { id: "b", name: say("Rebajas de enero", "January sales"), status: "draft" as const, people: 13_833 },
    { id: "c", name: say("Regalos de última hora", "Last-minute gifts"), status: "sending" as const, people: 1_204 },
  ];
  return (
    <Section
      title={say("Tabla", "Table")}
      note={say("Sin rayas verticales ni cebra.", "No vertical lines, no zebra.")}
      wide
    >
      <DataTable
        caption={say("Campañas", "Campaigns")}
        rowKey={(row) => row.id}
        groups={[
          { key: "ask", title: say("Piden algo de ti", "They need you"), rows: rows.slice(0, 2) },
          { key: "run", title: say("Saliendo o midiendo", "Going out or measuring"), rows: rows.slice(2) },
        ]}
        columns={[
          {
            key: "name",
            head: say("Campaña", "Campaign"),
            sort: { href: "?sort=name", direction: "ascending" },
            cell: (row) => (
              <TwoLines second={say("Compra en 7 días", "Purchase in 7 days")}>
                <a href={`#${row.id}`}>{row.name}</a>
              </TwoLines>
            ),
          },
          { key: "status", head: say("Estado", "State"), cell: (row) => <CampaignBadge status={row.status} /> },
          {
            key: "people",
            head: say("Personas", "People"),
            isNumber: true,
            sort: { href: "?sort=people" },
            cell: (row) => formats.integer(row.people),
          },
          {
            key: "known",
            head: say("Qué sabemos", "What we know"),
            isLow: true,
            cell: (row) =>
              row.status === "concluded" ? <MiniInterval interval={interval} variant="B" scale={scale} /> : null,
          },
          {
            key: "word",
            head: say("Lectura", "Reading"),
            cell: (row) => (row.status === "concluded" ? <WordTag word="better" /> : null),
          },
        ]}
        foot={[say("Total", "Total"), "", formats.integer(56_537), "", ""]}
      />
      <Pagination label={say("Páginas de campañas", "Pages of campaigns")} nextHref="?page=2">
        {say("1–50 de 1.318", "1–50 of 1,318")}
      </Pagination>
      <div className="mt-8 max-w-[520px]">
        <KeyValue
          rows={[
            {
              label: say("Dinero", "Money"),
              value: <MoneyText amount={{ micros: 1_234_500_000, currency: "EUR" }} formats={formats} />,
            },
            {
              label: say("Otra moneda", "Other currency"),
              value: <MoneyText amount={{ micros: 1_234_500_000, currency: "USD" }} formats={formats} />,
            },
            {
              label: say("Proporción", "Rate"),
              value: <PercentText fraction={412 / 8120} count={412} total={8120} formats={formats} />,
            },
            { label: say("Diferencia", "Difference"), value: <DiffText interval={interval} formats={formats} /> },
            { label: say("Teléfono", "Phone"), value: <MaskedPhone masked="+34 ••• ••• 412" /> },
            {
              label: say("Raíz", "Root"),
              value: (
                <HashChip prefix="sha256" hash="4f0a7d21c3b9e8f04f0a7d21c3b991c2" name={say("la raíz", "the root")} />
              ),
            },
          ]}
        />
      </div>
    </Section>
  );
}
