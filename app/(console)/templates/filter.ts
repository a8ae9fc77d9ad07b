import type { TemplateSummary } from "@/lib/templates/queries/list-templates";

export const shows = ["all", "ready", "waiting", "stopped"] as const;
export type Show = (typeof shows)[number];
export const shownCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;
export const shownQualities = ["GREEN", "YELLOW", "RED", "UNKNOWN"] as const;

/** What the list is narrowed to, as it stands in the address. */
export interface Filter {
  show: Show;
  search: string;
  category: string;
  quality: string;
  language: string;
}

export function readFilter({ show, search, category, quality, language }: Record<string, string | undefined>): Filter {
  return {
    show: shows.find((one) => one === show) ?? "all",
    search: search?.trim() ?? "",
    category: shownCategories.find((one) => one === category) ?? "",
    quality: shownQualities.find((one) => one === quality) ?? "",
    language: language ?? "",
  };
}

export function groupOf({
  isSendable,
  status,
}: Pick<TemplateSummary, "isSendable" | "status">): "ready" | "waiting" | "stopped" {
  if (isSendable) return "ready";
  return status === "PENDING" || status === "IN_APPEAL" ? "waiting" : "stopped";
}

export function fits(template: TemplateSummary, { show, search, category, quality, language }: Filter): boolean {
  const text = search.toLowerCase();
  return (
    (show === "all" || groupOf(template) === show) &&
    (template.name.includes(text) || template.body.toLowerCase().includes(text)) &&
    (category === "" || template.category === category) &&
    (quality === "" || template.quality === quality) &&
    (language === "" || template.language === language)
  );
}

/** The same list narrowed otherwise; what is empty does not stand in the address. */
export function hrefOf(filter: Filter, change: Partial<Filter>): string {
  const { show, ...rest } = { ...filter, ...change };
  const query = new URLSearchParams();
  if (show !== "all") query.set("show", show);
  for (const [key, value] of Object.entries(rest)) if (value !== "") query.set(key, value);
  const text = query.toString();
  return text ? `/templates?${text}` : "/templates";
}
