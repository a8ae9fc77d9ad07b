"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslations } from "use-intl/react";

/** Cards side by side, as a phone shows a carousel: swiped, or moved with a button or the arrow keys. */
export function CardStrip({ children }: { children: ReactNode }) {
  const t = useTranslations("common");
  const strip = useRef<HTMLUListElement>(null);
  const move = (by: -1 | 1) => {
    const element = strip.current;
    const width = element?.firstElementChild?.getBoundingClientRect().width ?? 0;
    element?.scrollBy({ left: by * width });
  };
  return (
    <div className="card-strip">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <ul ref={strip} tabIndex={0} aria-label={t("carousel")}>
        {children}
      </ul>
      <p>
        <button type="button" className="icon-button" aria-label={t("previousCard")} onClick={() => move(-1)}>
          <ChevronLeft aria-hidden />
        </button>
        <button type="button" className="icon-button" aria-label={t("nextCard")} onClick={() => move(1)}>
          <ChevronRight aria-hidden />
        </button>
      </p>
    </div>
  );
}
