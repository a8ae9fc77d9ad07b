"use client";

import { useTranslations } from "use-intl/react";
import { type VariantKey, VariantTag } from "@/app/_ui/variant";
import { comparedParts, partsOf } from "./variant-draft";

/** What the variants say, part by part: what is the same as in A says so, what differs stands out. */
export function ComparisonTable({ columns }: { columns: readonly { key: VariantKey; components: unknown }[] }) {
  const t = useTranslations("builder");
  const words = useTranslations("templates");
  // A file or a button whose label is Meta's own has no text: it goes by what it is.
  const named = new Map([
    ["IMAGE", words("header.kinds.image")],
    ["VIDEO", words("header.kinds.video")],
    ["DOCUMENT", words("header.kinds.document")],
    ["LOCATION", words("header.kinds.location")],
    ["COPY_CODE", words("buttons.kinds.code")],
    ["REQUEST_CONTACT_INFO", words("buttons.kinds.contact")],
  ]);
  const inWords = (text: string) =>
    text
      .split(/( · |\n)/)
      .map((piece) => named.get(piece) ?? piece)
      .join("");
  const texts = columns.map(({ key, components }) => ({ key, parts: partsOf(components) }));
  const control = texts[0]?.parts;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={t("variants.compare")}>
      <table className="data-table has-cards">
        <caption className="sr-only">{t("variants.compare")}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t("variants.part")}</span>
            </th>
            {columns.map(({ key }) => (
              <th key={key} scope="col">
                <VariantTag variant={key} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {comparedParts.map((part) => {
            const differs = texts.some(({ parts }) => parts[part] !== control?.[part]);
            return (
              <tr key={part}>
                <th scope="row" className="align-top">
                  <span className="two-lines">
                    {t(`variants.partNames.${part}`)}
                    {differs && <small className="text-worse">{t("variants.changes")}</small>}
                  </span>
                </th>
                {texts.map(({ key, parts }, index) => (
                  <td key={key} data-label={key} className="align-top">
                    {index > 0 && parts[part] === control?.[part] ? (
                      <span className="text-muted">{t("variants.sameAsA")}</span>
                    ) : (
                      <span className="whitespace-pre-line">{inWords(parts[part]) || t("variants.nothing")}</span>
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
