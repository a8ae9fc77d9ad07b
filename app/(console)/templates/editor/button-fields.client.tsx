"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { type ButtonKind, buttonKinds, type DraftButton } from "@/lib/templates/draft";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";

/** The label of these is Meta's own, in the language of the phone. */
const WITHOUT_LABEL: ReadonlySet<ButtonKind> = new Set(["code", "contact"]);

/** The buttons of a message, in their order; replies stand together. */
export function ButtonFields({
  id: groupId,
  buttons,
  kinds = buttonKinds,
  most = templateLimits.buttons,
  error,
  trackedLink,
  onChange,
}: {
  id: string;
  buttons: readonly DraftButton[];
  kinds?: readonly ButtonKind[];
  most?: number;
  error?: string;
  /** Our own address that counts clicks and leads on, ending in the person's code. */
  trackedLink: string;
  onChange: (buttons: DraftButton[]) => void;
}) {
  const t = useTranslations("templates.buttons");
  const formats = useFormats();
  const set = (index: number, change: Partial<DraftButton>) =>
    onChange(buttons.map((button, at) => (at === index ? { ...button, ...change } : button)));
  const move = (index: number, by: -1 | 1) => {
    const next = [...buttons];
    const [taken] = next.splice(index, 1);
    if (taken) next.splice(index + by, 0, taken);
    onChange(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: each button is a group of its own below
    <div role="group" id={groupId} tabIndex={-1} aria-label={t("label")} className="grid max-w-measure gap-5">
      {buttons.map(({ id, kind, text, target }, index) => (
        <fieldset key={id} className="grid gap-3 border-b border-line pb-4">
          <legend className="field-label mb-1.5">{t("number", { number: formats.integer(index + 1) })}</legend>
          <div className="grid gap-3 sm:grid-cols-[160px_minmax(0,1fr)]">
            <SelectField
              name={`kind-${id}`}
              label={t("kind")}
              options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
              value={kind}
              onChange={(event) => {
                const chosen = kinds.find((one) => one === event.currentTarget.value) ?? "reply";
                // A link is a measured one unless somebody wants another.
                set(index, { kind: chosen, target: chosen === "url" ? trackedLink : "" });
              }}
            />
            {!WITHOUT_LABEL.has(kind) && (
              <TextField
                name={`text-${id}`}
                label={t("text")}
                hint={t("counter", {
                  usedText: formats.integer(lengthOf(text)),
                  limitText: formats.integer(templateLimits.buttonText),
                })}
                value={text}
                onChange={(event) => set(index, { text: event.currentTarget.value })}
                autoComplete="off"
              />
            )}
          </div>
          {(kind === "url" || kind === "call" || kind === "code" || kind === "flow") && (
            <TextField
              name={`target-${id}`}
              label={t(`targets.${kind}`)}
              hint={t(`targetHints.${kind}`, { link: trackedLink, limitText: formats.integer(templateLimits.code) })}
              value={target}
              onChange={(event) => set(index, { target: event.currentTarget.value.trim() })}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <div className="flex gap-1">
            {index > 0 && (
              <button
                type="button"
                className="icon-button"
                aria-label={t("up", { number: formats.integer(index + 1) })}
                onClick={() => move(index, -1)}
              >
                <ArrowUp aria-hidden />
              </button>
            )}
            {index < buttons.length - 1 && (
              <button
                type="button"
                className="icon-button"
                aria-label={t("down", { number: formats.integer(index + 1) })}
                onClick={() => move(index, 1)}
              >
                <ArrowDown aria-hidden />
              </button>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label={t("remove", { number: formats.integer(index + 1) })}
              onClick={() => onChange(buttons.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </button>
          </div>
        </fieldset>
      ))}
      {error && <p className="text-note text-bad">{error}</p>}
      <div>
        <Button
          size="small"
          blocked={buttons.length >= most ? { reason: t("most", { limitText: formats.integer(most) }) } : undefined}
          onClick={() => onChange([...buttons, { id: crypto.randomUUID(), kind: "reply", text: "", target: "" }])}
        >
          <Plus aria-hidden /> {t("add")}
        </Button>
      </div>
    </div>
  );
}
