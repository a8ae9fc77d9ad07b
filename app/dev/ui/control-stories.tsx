import { Button } from "@/app/_ui/button";
import {
  CheckboxField,
  FileField,
  FormErrors,
  NumberField,
  RadioField,
  SelectField,
  SplitField,
  TextAreaField,
  TextField,
} from "@/app/_ui/fields";
import { Section } from "@/app/_ui/page";
import { Stepper } from "@/app/_ui/stepper";
import { VariantTag } from "@/app/_ui/variant";
import type { Story } from "./say";

export function ControlStories({ say, formats }: Story) {
  return (
    <>
      <Section
        title={say("Botones", "Buttons")}
        note={say("Una acción principal por página.", "One primary action a page.")}
      >
        <div className="flex flex-wrap items-start gap-3">
          <Button look="primary">{say("Solicitar aprobación", "Request approval")}</Button>
          <Button>{say("Guardar copia", "Save a copy")}</Button>
          <Button look="strong">{say("Pausar el envío", "Pause sending")}</Button>
          <Button look="quiet">{say("Cancelar", "Cancel")}</Button>
          <Button look="danger">{say("Borrar datos", "Erase data")}</Button>
          <Button size="small">{say("Añadir", "Add")}</Button>
          <Button look="link">{say("Ver relativo", "Show relative")}</Button>
          <Button
            look="primary"
            blocked={{ reason: say("Bloquea: enlaces.", "Blocked by: links."), fixHref: "#check-links" }}
          >
            {say("Solicitar aprobación", "Request approval")}
          </Button>
        </div>
      </Section>
      <Section
        title={say("Campos", "Fields")}
        note={say("Etiqueta encima, pista y error debajo.", "Label above, hint and error below.")}
      >
        <div className="mb-6">
          <FormErrors
            title={say("Faltan dos cosas", "Two things are missing")}
            errors={[
              {
                field: "split",
                message: say("A y B suman 99. Deben sumar 100.", "A and B add up to 99. They must add up to 100."),
              },
              {
                field: "headline",
                message: say("El titular tiene 61 de 60 caracteres.", "The headline has 61 of 60 characters."),
              },
            ]}
          />
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(220px,1fr))] gap-x-8 gap-y-6">
          <TextField
            name="campaign"
            label={say("Nombre", "Name")}
            defaultValue={say("Rebajas de enero", "January sales")}
          />
          <NumberField
            name="effect"
            label={say("Efecto mínimo que importa", "Minimum effect that matters")}
            unit="pp"
            defaultValue={formats.decimal(1)}
            hint={say("Por debajo, no cambiaríais nada.", "Below it you would change nothing.")}
          />
          <SelectField
            name="metric"
            label={say("Métrica principal", "Primary metric")}
            options={[
              { value: "conversion", label: say("Compra en 7 días", "Purchase within 7 days") },
              { value: "click", label: say("Clic", "Click") },
            ]}
            hint={say("Solo una.", "Only one.")}
          />
          <TextAreaField
            name="headline"
            label={say("Titular", "Headline")}
            defaultValue="*{{nombre}}, …*"
            error={say("61 de 60 caracteres. Sobra 1.", "61 of 60 characters. 1 too many.")}
          />
          <FileField name="file" label={say("Archivo", "File")} accept=".csv" hint="CSV" />
          <div className="grid content-start gap-2">
            <CheckboxField
              name="overlap"
              defaultChecked
              label={say("Excluir a quien está en otra prueba", "Leave out people in another test")}
            />
            <CheckboxField
              name="quality"
              label={say("Pausar si Meta baja la calidad", "Pause when Meta lowers the quality")}
            />
          </div>
          <RadioField
            name="method"
            label={say("Cuándo mirar", "When to look")}
            defaultValue="looks"
            options={[
              {
                value: "looks",
                label: say("En los análisis", "At the looks"),
                hint: say("Cuatro, con fecha", "Four, dated"),
              },
              { value: "fixed", label: say("Al final", "At the end") },
            ]}
          />
          <SplitField
            name="split"
            label={say("Reparto", "Split")}
            sum={say("Suma 100", "Adds up to 100")}
            error={say("A y B suman 99. Deben sumar 100.", "A and B add up to 99. They must add up to 100.")}
            rows={[
              {
                key: "A",
                label: <VariantTag variant="A" />,
                accessibleLabel: say("Reparto de A", "Share of A"),
                value: "50",
              },
              {
                key: "B",
                label: <VariantTag variant="B" />,
                accessibleLabel: say("Reparto de B", "Share of B"),
                value: "49",
              },
            ]}
          />
        </div>
      </Section>
      <Section title={say("Pasos", "Steps")}>
        <div className="w-[184px] max-xl:w-auto">
          <Stepper
            label={say("Pasos", "Steps")}
            current="variants"
            saved={say("Guardado hace 3 s", "Saved 3 s ago")}
            steps={[
              {
                key: "goal",
                title: say("Objetivo", "Goal"),
                summary: say("Compra en 7 días", "Purchase in 7 days"),
                state: "done",
                href: "#goal",
              },
              {
                key: "variants",
                title: say("Variantes", "Variants"),
                summary: say("A y B · 1 aviso", "A and B · 1 notice"),
                state: "done",
                href: "#variants",
              },
              {
                key: "review",
                title: say("Revisión", "Review"),
                summary: say("1 bloqueo", "1 blocker"),
                state: "error",
                href: "#review",
              },
              { key: "launch", title: say("Envío", "Launch"), state: "todo" },
            ]}
          />
        </div>
      </Section>
    </>
  );
}
