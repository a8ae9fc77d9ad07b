import { notFound } from "next/navigation";
import { getFormats, getPreferences } from "@/app/_server/preferences";
import { AppShell } from "@/app/_ui/app-shell";
import { CampaignBadge } from "@/app/_ui/badge";
import { Button, LinkButton } from "@/app/_ui/button";
import { navLinks } from "@/app/_ui/nav";
import { Answer, FactStrip, PageHeader, Section, Tiles } from "@/app/_ui/page";
import { Progress } from "@/app/_ui/progress";
import { Tabs } from "@/app/_ui/tabs.client";
import { TimeText } from "@/app/_ui/text";
import { ChartStories } from "./chart-stories";
import { ControlStories } from "./control-stories";
import { OverlayStories } from "./overlay-stories.client";
import { sayer } from "./say";
import { StateStories } from "./state-stories";
import { TableStories } from "./table-stories";

/** A fixed instant, so that pictures of this page can be compared. */
const NOW = "2026-12-10T16:04:00Z";
const ORGANISATION = { name: "Olmo y Lino", note: "+34 910 ••• 204", timeZone: "Europe/Madrid", currency: "EUR" };

/** Every component with its states, while developing: looked at by people, axe and the visual tests. */
export default async function Stories() {
  if (process.env.NODE_ENV === "production") notFound();
  const { locale } = await getPreferences();
  const formats = await getFormats(ORGANISATION);
  const say = sayer(locale);
  const story = { formats, say };
  return (
    <AppShell
      links={navLinks(() => true, { home: 3 })}
      person={{ name: "Lucía Marín" }}
      organisation={ORGANISATION}
      isSandbox
    >
      <PageHeader
        title={say("Componentes", "Components")}
        status={<CampaignBadge status="sending" />}
        actions={
          <>
            <LinkButton href="/dev/ui">{say("Exportar", "Export")}</LinkButton>
            <Button look="primary">{say("Nueva campaña", "New campaign")}</Button>
          </>
        }
        tabs={
          <Tabs
            label={say("Partes de la campaña", "Parts of the campaign")}
            tabs={[
              { href: "/dev", label: say("Resumen", "Summary") },
              { href: "/dev/ui", label: say("Resultados", "Results") },
            ]}
          />
        }
      />
      <FactStrip
        facts={[
          { label: say("Empezó", "Started"), value: <TimeText at="2026-11-23T09:00:00Z" formats={formats} /> },
          { label: say("Datos", "Data"), value: <TimeText at="2026-12-10T16:02:00Z" now={NOW} formats={formats} /> },
          {
            label: say("Información reunida", "Information collected"),
            value: (
              <>
                <Progress
                  label={say("Información reunida", "Information collected")}
                  value={37_350}
                  max={37_350}
                  valueText={formats.integer(37_350)}
                />
                {formats.integer(37_350)}
              </>
            ),
          },
        ]}
      />
      <Answer sub={say("Estados fijos para mirar y comparar.", "Fixed states to look at and compare.")}>
        {say(
          "Cada pieza dice con palabras lo que el color solo insinúa.",
          "Every piece says in words what colour only hints at.",
        )}
      </Answer>
      <Tiles
        tiles={[
          {
            label: say("Gasto", "Spend"),
            figure: formats.moneyWhole({ micros: 18_200e6, currency: "EUR" }),
            note: say("todo incluido", "all in"),
          },
          {
            label: say("Ingreso incremental", "Incremental revenue"),
            figure: formats.moneyWhole({ micros: 64_500e6, currency: "EUR" }),
            note: formats.moneyInterval(41_000e6, 88_000e6),
          },
          { label: "ROI", figure: formats.decimal(3.5), note: `[${formats.decimal(2.3)}; ${formats.decimal(4.8)}]` },
          { label: say("Medido", "Measured"), figure: formats.percent(0.72, 0), note: say("del gasto", "of spend") },
        ]}
      />
      <Section
        title={say("Tipografía", "Type")}
        note={say("Cinco tamaños. El de 28 es solo para frases.", "Five sizes. 28 is for sentences only.")}
      >
        <p className="answer">
          {say(
            "B consigue más compras que A: entre 1,1 y 2,5 puntos más.",
            "B gets more purchases than A: between 1.1 and 2.5 points more.",
          )}
        </p>
        <p className="figure mt-3">
          {formats.moneyWhole({ micros: 64_500e6, currency: "EUR" })} <span className="note font-normal">20</span>
        </p>
        <p className="mt-2 text-head">
          <strong>16</strong> {say("h1 y prosa", "h1 and prose")}
        </p>
        <p className="mt-2 num">14 · {formats.rate(412, 8_120, { lower: 0.046, upper: 0.056 })}</p>
        <p className="note mt-1">
          13 · <span className="mono">9c41…e07b</span>
        </p>
      </Section>
      <ControlStories {...story} />
      <StateStories {...story} now={NOW} />
      <TableStories {...story} />
      <ChartStories {...story} />
      <Section
        title={say("Sobre la página", "Over the page")}
        note={say("Las sombras existen solo aquí.", "Shadows exist here only.")}
      >
        <OverlayStories locale={locale} />
      </Section>
    </AppShell>
  );
}
