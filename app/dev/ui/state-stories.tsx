import {
  CampaignBadge,
  type CampaignState,
  type ComparisonWord,
  GuardrailBadge,
  StatusBadge,
  WordTag,
} from "@/app/_ui/badge";
import { Banner, Callout } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { Checklist, Timeline } from "@/app/_ui/checklist";
import { Section } from "@/app/_ui/page";
import { ProgressStack } from "@/app/_ui/progress";
import { EmptyState, ErrorState, Skeleton } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { type VariantKey, VariantTag } from "@/app/_ui/variant";
import type { Story } from "./say";

const STATES: CampaignState[] = [
  "draft",
  "in_review",
  "approved",
  "scheduled",
  "sending",
  "measuring",
  "concluded",
  "paused",
  "frozen",
  "stopped",
  "archived",
];
const VARIANTS: VariantKey[] = ["A", "B", "C", "D", "E", "F", "G", "H", "holdout"];
const WORDS: ComparisonWord[] = [
  "better",
  "worse",
  "equivalent",
  "unclear",
  "better_size_unknown",
  "better_small",
  "unresolved",
];

export function StateStories({ say, formats, now }: Story & { now: string }) {
  return (
    <>
      <Section
        title={say("Estados", "States")}
        note={say("Icono, palabra y color, siempre los tres.", "Icon, word and colour, always all three.")}
      >
        <div className="flex flex-wrap gap-x-6 gap-y-3">
          {STATES.map((status) => (
            <CampaignBadge key={status} status={status} />
          ))}
        </div>
        <div className="mt-4 flex flex-wrap gap-2">
          <GuardrailBadge status="inside" filled />
          <GuardrailBadge status="watch" filled />
          <GuardrailBadge status="breached" filled />
          <StatusBadge tone="info" filled>
            {say("orientativo", "for orientation")}
          </StatusBadge>
          <StatusBadge tone="idle" filled>
            {say("sin medir", "not measured")}
          </StatusBadge>
        </div>
        <div className="mt-4 flex flex-wrap gap-5">
          {VARIANTS.map((variant) => (
            <VariantTag key={variant} variant={variant} name={variant === "A" ? "Control" : undefined} />
          ))}
        </div>
        <div className="mt-4 flex flex-wrap gap-5">
          {WORDS.map((word) => (
            <WordTag key={word} word={word} />
          ))}
        </div>
      </Section>
      <Section
        title={say("Avisos", "Banners")}
        note={say("Qué pasa, qué sigue a salvo y qué hacer.", "What happens, what is safe, what to do.")}
      >
        <div className="grid gap-3">
          <Banner tone="bad" action={<a href="#causes">{say("Ver causas", "See causes")}</a>}>
            <strong>
              {say(
                "No uséis estos resultados: planeado 50/50, real 53/47.",
                "Do not use these results: planned 50/50, actual 53/47.",
              )}
            </strong>{" "}
            {say("Algo excluyó a más gente en una variante.", "Something left more people out of one variant.")}
          </Banner>
          <Banner tone="warn">
            {say("Faltan conversiones de Shopify desde las 10:12.", "Shopify conversions are missing since 10:12.")}
          </Banner>
          <Banner>
            {say("Aún es pronto. Faltan ≈ 2.400 personas.", "It is still early. About 2,400 people to go.")}
          </Banner>
          <Banner tone="ok">{say("Íntegro hasta la entrada 48.213.", "Intact up to entry 48,213.")}</Banner>
          <Callout tone="warn">
            {say("Con dos cambios sabrás cuál, no por qué.", "With two changes you learn which, not why.")}
          </Callout>
        </div>
      </Section>
      <Section title={say("Lista de comprobación", "Checklist")}>
        <Checklist
          items={[
            {
              id: "consent",
              status: "pass",
              title: say("Consentimiento", "Consent"),
              value: `${formats.integer(12_450)} / ${formats.integer(12_450)}`,
            },
            {
              id: "power",
              status: "warn",
              title: say("Capacidad de detección", "Detectable effect"),
              value: "≥ 1,2 pp",
              explanation: say(
                "Con 6.225 por variante detectarás ≥ 1,2 pp.",
                "With 6,225 a variant you will detect ≥ 1.2 pp.",
              ),
              fixes: <a href="#more">{say("Añadir personas", "Add people")}</a>,
            },
            {
              id: "links",
              status: "block",
              title: say("Enlaces", "Links"),
              value: say("Botón 1 de B responde 404", "Button 1 of B answers 404"),
              explanation: say("6.225 personas llegarían a un error.", "6,225 people would reach an error."),
              fixes: <a href="#fix">{say("Corregir el enlace", "Mend the link")}</a>,
            },
            {
              id: "health",
              status: "unknown",
              title: say("Salud del número", "Number health"),
              explanation: say("Sin avisos desde hace 12 min.", "No notices for 12 min."),
            },
          ]}
        />
      </Section>
      <Section
        title={say("Progreso", "Progress")}
        note={say("Los fallos, rayados; lo que queda, vacío.", "Failures hatched; what is left, empty.")}
      >
        <ProgressStack
          variant="A"
          label={say(
            "9.431 entregados, 412 en camino, 221 fallidos, 152 retenidos, 5.384 en cola",
            "9,431 delivered, 412 on their way, 221 failed, 152 held, 5,384 queued",
          )}
          parts={[
            { kind: "done", count: 9431, countText: formats.integer(9431), label: say("Entregados", "Delivered") },
            { kind: "moving", count: 412, countText: formats.integer(412), label: say("En camino", "On their way") },
            { kind: "failed", count: 221, countText: formats.integer(221), label: say("Fallidos", "Failed") },
            { kind: "held", count: 152, countText: formats.integer(152), label: say("Retenidos", "Held") },
            { kind: "rest", count: 5384, countText: formats.integer(5384), label: say("En cola", "Queued") },
          ]}
        />
      </Section>
      <Section title={say("Vacío, error, carga", "Empty, error, loading")}>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(240px,1fr))] gap-6">
          <EmptyState
            title={say("Ninguna campaña con estos filtros", "No campaign with these filters")}
            actions={<Button size="small">{say("Quitar filtros", "Clear filters")}</Button>}
          >
            {say("Estado: congelada · Último trimestre", "State: frozen · Last quarter")}
          </EmptyState>
          <ErrorState
            title={say("No pudimos leer el progreso", "We could not read the progress")}
            errorId="err_6K2P"
            errorName={say("código del error", "error code")}
            retry={<Button size="small">{say("Reintentar", "Try again")}</Button>}
          >
            {say("El envío sigue su plan; no se ha perdido nada.", "Sending goes on as planned; nothing was lost.")}
          </ErrorState>
          <div className="panel">
            <Skeleton lines={3} />
          </div>
        </div>
        <div className="mt-6">
          <EmptyState
            title={say(
              "Aún no hay campañas. La primera necesita tres cosas.",
              "No campaigns yet. The first needs three things.",
            )}
            steps={[
              {
                title: say("Personas con consentimiento", "People with consent"),
                text: say("Importa un CSV con la prueba.", "Import a CSV with the proof."),
              },
              {
                title: say("Dos mensajes aprobados", "Two approved messages"),
                text: say("Una plantilla A y otra B.", "A template A and another B."),
              },
              {
                title: say("Otra persona que apruebe", "Another person to approve"),
                text: say("Quien crea no aprueba.", "Whoever creates does not approve."),
              },
            ]}
            actions={<Button>{say("Importar contactos", "Import contacts")}</Button>}
          />
        </div>
      </Section>
      <Section title={say("Cronología", "Timeline")}>
        <Timeline
          entries={[
            {
              id: "3",
              tone: "bad",
              title: say("Baja", "Opt-out"),
              when: <TimeText at="2026-12-10T15:00:00Z" now={now} formats={formats} />,
            },
            {
              id: "2",
              tone: "info",
              title: say("Mensaje entregado", "Message delivered"),
              when: <TimeText at="2026-12-01T09:00:00Z" formats={formats} />,
              detail: say("Adelanto de Navidad, variante B", "Christmas preview, variant B"),
            },
            {
              id: "1",
              tone: "ok",
              title: say("Consentimiento de marketing", "Marketing consent"),
              when: <TimeText at="2026-03-03T09:00:00Z" formats={formats} />,
              detail: say("Formulario web, texto v4", "Web form, text v4"),
            },
          ]}
        />
      </Section>
    </>
  );
}
