import type { ReactNode } from "react";
import { UiText } from "./ui-text.client";
import { type VariantKey, VariantTag } from "./variant";

/** The conclusion: an ink rule, the engine's sentence at 28 px, what we would do and what we do not know. */
export function VerdictCard({
  comparison,
  sentence,
  also = [],
  doText,
  unknownText,
  actions,
}: {
  /** Who is compared with whom, by what metric and among whom; 13 px above the sentence. */
  comparison: ReactNode;
  sentence: ReactNode;
  /** The sentences of the other variants. */
  also?: readonly { variant: VariantKey; sentence: ReactNode }[];
  doText: ReactNode;
  unknownText: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <section className="verdict">
      <div className="verdict-comparison note mb-3 flex flex-wrap items-center gap-x-4 gap-y-0.5">{comparison}</div>
      <h2 className="answer">{sentence}</h2>
      {also.map((other) => (
        <p key={other.variant} className="mt-3 flex max-w-measure items-start gap-2 text-head">
          <VariantTag variant={other.variant} />
          {other.sentence}
        </p>
      ))}
      <div className="verdict-columns">
        <div>
          <h3 className="mb-1">
            <UiText id="whatWeWouldDo" />
          </h3>
          <p>{doText}</p>
        </div>
        <div>
          <h3 className="mb-1">
            <UiText id="whatWeDoNotKnow" />
          </h3>
          <p>{unknownText}</p>
        </div>
        {actions && <div className="verdict-actions">{actions}</div>}
      </div>
    </section>
  );
}
