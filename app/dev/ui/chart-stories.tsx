import type { ComparisonWord } from "@/app/_ui/badge";
import { Button } from "@/app/_ui/button";
import { Funnel, Waterfall } from "@/app/_ui/flow-charts";
import { IntervalPlot } from "@/app/_ui/interval-plot";
import { Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { type VariantKey, VariantTag } from "@/app/_ui/variant";
import { VerdictCard } from "@/app/_ui/verdict-card";
import type { Story } from "./say";

const INTERVALS: { variant: VariantKey; estimate: number; lower: number; upper: number; word: ComparisonWord }[] = [
  { variant: "B", estimate: 0.018, lower: 0.011, upper: 0.025, word: "better" },
  { variant: "C", estimate: 0.009, lower: 0.002, upper: 0.016, word: "better_size_unknown" },
  { variant: "D", estimate: 0.002, lower: -0.004, upper: 0.008, word: "equivalent" },
  { variant: "E", estimate: 0.006, lower: -0.012, upper: 0.024, word: "unresolved" },
  { variant: "F", estimate: -0.014, lower: -0.026, upper: -0.003, word: "worse" },
  { variant: "G", estimate: 0.004, lower: -0.21, upper: 0.22, word: "unresolved" },
];
const FUNNEL = [
  { es: "Asignadas", en: "Assigned", counts: [12_450, 12_450] },
  { es: "Entregadas", en: "Delivered", counts: [11_782, 11_769] },
  { es: "Leídas, como mínimo", en: "Read, at least", counts: [7_894, 7_951] },
  { es: "Clic", en: "Click", counts: [1_408, 1_897] },
  { es: "Compra en 7 días", en: "Purchase in 7 days", counts: [635, 859] },
];
const ASSIGNED = 12_450;

export function ChartStories({ say, formats }: Story) {
  return (
    <>
      <VerdictCard
        comparison={
          <>
            <span>
              <VariantTag variant="B" /> {say("frente a", "against")} <VariantTag variant="A" />
            </span>
            <span>
              {say("compra en 7 días · todas las personas asignadas", "purchase in 7 days · everybody assigned")}
            </span>
          </>
        }
        sentence={say(
          "B consigue más compras que A: entre 1,1 y 2,5 puntos más (mejor estimación 1,8).",
          "B gets more purchases than A: between 1.1 and 2.5 points more (best estimate 1.8).",
        )}
        also={[
          {
            variant: "C",
            sentence: say(
              "Si C y A difieren, es en menos de 1 punto.",
              "If C and A differ, it is by less than 1 point.",
            ),
          },
        ]}
        doText={say("Desplegar B. Cumple la regla que fijasteis.", "Roll out B. It meets the rule you set.")}
        unknownText={say("Por qué: B cambia el titular y el botón.", "Why: B changes the headline and the button.")}
        actions={
          <>
            <Button look="primary" size="big">
              {say("Registrar decisión", "Record the decision")}
            </Button>
            <p className="note">{say("Queda en el historial.", "It stays in the history.")}</p>
          </>
        }
      />
      <Section
        title={say("Gráfico de intervalos", "Interval plot")}
        note={say("Flecha: sigue fuera de la escala.", "Arrow: goes on beyond the scale.")}
      >
        <IntervalPlot
          caption={say(
            "Cómo se ve cada conclusión frente al efecto mínimo de 1 punto.",
            "How each conclusion looks beside the minimum effect of 1 point.",
          )}
          minimumEffect={0.01}
          zeroLabel={say("igual que A", "same as A")}
          unit={say("puntos (pp)", "points (pp)")}
          tick={(value) => formats.signedPoints(value, 0)}
          rows={INTERVALS.map((row) => ({
            ...row,
            name: say("Variante", "Variant"),
            estimateText: formats.points(row.estimate),
            intervalText: formats.pointsInterval(row),
            detail: `${formats.percent(0.069)} / ${formats.percent(0.051)}`,
          }))}
        />
      </Section>
      <Section title={say("Cascada", "Waterfall")}>
        <Waterfall
          caption={say(
            "De 18.045 personas puedes escribir hoy a 13.833.",
            "Of 18,045 people you may message 13,833 today.",
          )}
          steps={[
            {
              kind: "total",
              count: 18_045,
              countText: formats.integer(18_045),
              label: say("Cumplen las reglas", "Match the rules"),
            },
            {
              kind: "less",
              count: 2_911,
              countText: formats.integer(-2_911),
              label: say("Sin consentimiento", "No consent"),
              href: "#consent",
            },
            {
              kind: "less",
              count: 1_102,
              countText: formats.integer(-1_102),
              label: say("Dados de baja", "Opted out"),
              href: "#opted",
            },
            {
              kind: "less",
              count: 199,
              countText: formats.integer(-199),
              label: say("Duplicados o no válidos", "Duplicate or invalid"),
              href: "#invalid",
            },
            {
              kind: "total",
              count: 13_833,
              countText: formats.integer(13_833),
              label: say("Alcanzables", "Reachable"),
            },
          ]}
        />
      </Section>
      <Section
        title={say("Recorrido", "Funnel")}
        note={say("Las barras comparten una escala.", "The bars share one scale.")}
      >
        <Funnel
          caption={say("Se pierde lo mismo en A y en B hasta la lectura.", "A and B lose the same up to reading.")}
          variants={[{ variant: "A" }, { variant: "B" }]}
          steps={FUNNEL.map((step, index) => ({
            label: say(step.es, step.en),
            cells: step.counts.map((count) => ({
              share: count / ASSIGNED,
              countText: formats.integer(count),
              shareText: formats.percent(count / ASSIGNED),
              loss:
                index === 1
                  ? say("límite de Meta 402, sin WhatsApp 118", "Meta limit 402, no WhatsApp 118")
                  : undefined,
            })),
          }))}
        />
      </Section>
      <Section
        title={say("Vista previa", "Preview")}
        note={say("Texto real, dibujo propio.", "Real text, our own drawing.")}
      >
        <div className="flex flex-wrap gap-6">
          <PhonePreview
            label={say("Vista previa aproximada de la variante A", "Approximate preview of variant A")}
            sender="Olmo y Lino"
            message={{
              header: { kind: "image", name: "mantas-1125.jpg" },
              body: "*Empiezan las rebajas de enero*\n\nComo clienta de Olmo y Lino tienes *24 horas de ventaja*: sábanas, mantas y toallas hasta un 40 % menos.",
              footer: "Responde BAJA para no recibir más",
              time: "10:00",
              buttons: [
                { kind: "url", text: "Ver rebajas" },
                { kind: "reply", text: "No me interesa" },
              ],
            }}
          />
          <PhonePreview
            label={say("Vista previa aproximada de la variante B", "Approximate preview of variant B")}
            sender="Olmo y Lino"
            message={{
              header: { kind: "text", text: "{{nombre}}, hoy empieza" },
              body: "_Solo hoy_, ~50 €~ *30 €* con el código ```ENERO```",
              buttons: [
                { kind: "url", text: "Ver mi selección" },
                { kind: "copy", text: "Copiar código" },
                { kind: "call", text: "Llamar" },
                { kind: "reply", text: "No me interesa" },
              ],
            }}
          />
        </div>
      </Section>
    </>
  );
}
