import Form from "next/form";
import Link from "next/link";
import { Button } from "@/app/_ui/button";
import { SelectField, TextField } from "@/app/_ui/fields";
import { campaignGroups } from "@/lib/campaigns/groups";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { ListFilter } from "./list-filter";

/** Search and state, sent by the address so that a view can be shared and reloaded. */
export function CampaignFilters({
  filter,
  shown,
  isMore,
  t,
  formats,
}: {
  filter: ListFilter;
  shown: number;
  isMore: boolean;
  t: Translator<"campaigns">;
  formats: Formats;
}) {
  const count = { count: shown, countText: formats.integer(shown) };
  return (
    <Form action="/campaigns" role="search" className="mb-4 mt-4 flex flex-wrap items-end gap-3">
      <TextField
        name="q"
        type="search"
        label={t("search")}
        defaultValue={filter.search ?? ""}
        maxLength={120}
        className="w-72 max-sm:w-full"
      />
      <SelectField
        name="group"
        label={t("show")}
        defaultValue={filter.group ?? ""}
        options={[
          { value: "", label: t("groups.all") },
          ...campaignGroups.map((group) => ({ value: group, label: t(`groups.${group}`) })),
        ]}
        className="max-sm:w-full"
      />
      <Button type="submit">{t("applyFilters")}</Button>
      {(filter.search || filter.group) && (
        <Link href="/campaigns" className="py-2 text-note">
          {t("clearFilters")}
        </Link>
      )}
      <p className="note ml-auto py-2" role="status">
        {isMore ? t("countFirst", count) : t("count", count)}
      </p>
    </Form>
  );
}
