"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { CheckboxField } from "@/app/_ui/fields";
import { Section } from "@/app/_ui/page";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { redact } from "../../actions";

interface Item {
  item: string;
  when: string;
  text: string;
  isHidden: boolean;
}

/** Each part with a box; what is ticked is not delivered. */
export function ReviewForm({
  requestId,
  received,
  evidence,
}: {
  requestId: string;
  received: readonly Item[];
  evidence: readonly Item[];
}) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [saved, save] = useActionState(redact, null);
  return (
    <form action={save}>
      <input type="hidden" name="requestId" value={requestId} />
      {saved && !saved.ok && <Banner tone="bad">{errors(saved.code)}</Banner>}
      <Section title={t("review.received")} note={t("review.receivedNote")}>
        <Items items={received} />
      </Section>
      <Section title={t("review.evidence")} note={t("review.evidenceNote")}>
        <Items items={evidence} />
      </Section>
      <Section title={t("review.rest")}>
        <p className="mb-4">{t("review.restNote")}</p>
        <SubmitButton pendingText={t("review.saving")}>{t("review.save")}</SubmitButton>
      </Section>
    </form>
  );
}

function Items({ items }: { items: readonly Item[] }) {
  const t = useTranslations("rights");
  if (items.length === 0) return <p>{t("review.nothing")}</p>;
  return (
    <ul className="grid gap-5">
      {items.map(({ item, when, text, isHidden }) => (
        <li key={item} className="grid min-w-0 grid-cols-1 gap-1">
          <span className="note">{when}</span>
          <p className="whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
          <CheckboxField id={item} name="items[]" value={item} label={t("review.hide")} defaultChecked={isHidden} />
        </li>
      ))}
    </ul>
  );
}
