"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { SelectField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { cardButtonKinds, type DraftCard, type TemplateDraft } from "@/lib/templates/draft";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";
import { ButtonFields } from "./button-fields.client";
import type { ChangeDraft, ProblemAt } from "./draft-change";
import { MediaField } from "./media-field.client";
import { BodyField } from "./message-fields.client";

/** The cards of a carousel, all with the same parts: a new one begins with the buttons of the one before. */
export function CardFields({
  draft,
  trackedLink,
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  trackedLink: string;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const formats = useFormats();
  const { cards } = draft;
  const put = (next: (cards: readonly DraftCard[]) => DraftCard[]) =>
    onChange((before) => ({ cards: next(before.cards) }), "cards");
  const set = (id: string, change: Partial<DraftCard>) =>
    put((all) => all.map((card) => (card.id === id ? { ...card, ...change } : card)));
  const move = (index: number, by: -1 | 1) =>
    put((all) => {
      const next = [...all];
      const [taken] = next.splice(index, 1);
      if (taken) next.splice(index + by, 0, taken);
      return next;
    });
  const add = (count: number) => put((all) => [...all, ...Array.from({ length: count }, () => newCard(all.at(-1)))]);
  const whole = problemAt("cards");
  return (
    // biome-ignore lint/a11y/useSemanticElements: each card is a group of its own below
    <div role="group" id="cards" tabIndex={-1} aria-label={t("cards.title")} className="grid max-w-measure gap-5">
      {cards.map((card, index) => {
        const number = formats.integer(index + 1);
        const error = problemAt("cards", index);
        return (
          <fieldset key={card.id} className="grid gap-4 border-b border-line pb-5">
            <legend className="field-label mb-1.5">{t("cards.number", { number })}</legend>
            <SelectField
              name={`media-${card.id}`}
              label={t("header.kind")}
              value={card.media}
              options={(["image", "video"] as const).map((value) => ({ value, label: t(`header.kinds.${value}`) }))}
              onChange={(event) => {
                const media = event.currentTarget.value === "video" ? "video" : "image";
                // All cards have the same kind of header.
                put((all) => all.map((one) => ({ ...one, media, file: one.media === media ? one.file : null })));
              }}
            />
            <MediaField
              id={`file-${card.id}`}
              kind={card.media}
              file={card.file}
              onChange={(file) => set(card.id, { file })}
            />
            <BodyField
              name={`card-${card.id}`}
              label={t("cards.text")}
              text={card.body}
              rows={3}
              parameterFormat={draft.parameterFormat}
              hint={t("new.counter", {
                usedText: formats.integer(lengthOf(card.body)),
                limitText: formats.integer(templateLimits.cardBody),
              })}
              onChange={(body) => set(card.id, { body })}
            />
            <ButtonFields
              id={`buttons-${card.id}`}
              buttons={card.buttons}
              kinds={cardButtonKinds}
              most={templateLimits.cardButtons}
              trackedLink={trackedLink}
              onChange={(buttons) => set(card.id, { buttons })}
            />
            {error && <p className="text-note text-bad">{error}</p>}
            <div className="flex gap-1">
              {index > 0 && (
                <IconButton label={t("cards.up", { number })} onClick={() => move(index, -1)}>
                  <ArrowUp aria-hidden />
                </IconButton>
              )}
              {index < cards.length - 1 && (
                <IconButton label={t("cards.down", { number })} onClick={() => move(index, 1)}>
                  <ArrowDown aria-hidden />
                </IconButton>
              )}
              <IconButton
                label={t("cards.remove", { number })}
                onClick={() => put((all) => all.filter(({ id }) => id !== card.id))}
              >
                <X aria-hidden />
              </IconButton>
            </div>
          </fieldset>
        );
      })}
      {whole && <p className="text-note text-bad">{whole}</p>}
      <div>
        <Button
          size="small"
          blocked={
            cards.length >= templateLimits.mostCards
              ? { reason: t("cards.most", { limitText: formats.integer(templateLimits.mostCards) }) }
              : undefined
          }
          onClick={() => add(cards.length === 0 ? templateLimits.leastCards : 1)}
        >
          <Plus aria-hidden /> {t(cards.length === 0 ? "cards.begin" : "cards.add")}
        </Button>
      </div>
    </div>
  );
}

function newCard(like: DraftCard | undefined): DraftCard {
  return {
    id: crypto.randomUUID(),
    media: like?.media ?? "image",
    file: null,
    body: "",
    buttons: (like?.buttons ?? []).map((button) => ({ ...button, id: crypto.randomUUID() })),
  };
}

function IconButton({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="icon-button" aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}
