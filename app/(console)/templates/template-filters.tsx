import { Search } from "lucide-react";
import Link from "next/link";
import { Button } from "@/app/_ui/button";
import { SelectField } from "@/app/_ui/fields";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { type Filter, hrefOf, shownCategories, shownQualities, shows } from "./filter";

/** Narrows the list by name or text, state, category, quality and language; everything stands in the address. */
export function TemplateFilters({
  filter,
  languages,
  formats,
  t,
}: {
  filter: Filter;
  languages: readonly string[];
  formats: Formats;
  t: Translator<"templates">;
}) {
  const { show, search, category, quality, language } = filter;
  return (
    <div className="mb-4 grid gap-4">
      <search>
        <form action="/templates" className="flex flex-wrap items-end gap-3">
          {show !== "all" && <input type="hidden" name="show" value={show} />}
          <input
            className="input w-60 max-w-full"
            type="search"
            name="search"
            defaultValue={search}
            aria-label={t("search")}
            placeholder={t("search")}
          />
          <SelectField
            name="category"
            label={t("columns.category")}
            placeholder={t("any")}
            defaultValue={category}
            options={shownCategories.map((value) => ({ value, label: t(`category.${value}`) }))}
          />
          <SelectField
            name="quality"
            label={t("columns.quality")}
            placeholder={t("any")}
            defaultValue={quality}
            options={shownQualities.map((value) => ({ value, label: t(`quality.${value}`) }))}
          />
          {languages.length > 1 && (
            <SelectField
              name="language"
              label={t("columns.language")}
              placeholder={t("any")}
              defaultValue={language}
              options={languages.map((value) => ({ value, label: formats.language(value) }))}
            />
          )}
          <Button type="submit">
            <Search aria-hidden /> {t("doSearch")}
          </Button>
        </form>
      </search>
      <nav aria-label={t("filter")} className="flex flex-wrap gap-4">
        {shows.map((one) => (
          <Link
            key={one}
            href={hrefOf(filter, { show: one })}
            aria-current={one === show ? "true" : undefined}
            className={one === show ? "font-semibold" : undefined}
          >
            {t(`shows.${one}`)}
          </Link>
        ))}
      </nav>
    </div>
  );
}
