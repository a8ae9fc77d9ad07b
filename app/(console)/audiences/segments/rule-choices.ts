import { listAttributes } from "@/lib/audience/queries/list-attributes";
import { listAudiencePlaces } from "@/lib/audience/queries/list-audience-places";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import type { Formats } from "@/lib/i18n/formats";
import type { Context } from "@/lib/identity/context";

/** What the conditions of a segment may ask about, in the reader's language; purposes for marketing first. */
export async function ruleChoices(ctx: Context, formats: Formats) {
  const [attributes, places, purposes] = await Promise.all([
    listAttributes(ctx),
    listAudiencePlaces(ctx),
    listPurposes(ctx),
  ]);
  const rank = ({ category }: { category: string }) => (category === "MARKETING" ? 0 : 1);
  return {
    attributes,
    countries: places.countries.map((value) => ({ value, label: formats.country(value) })),
    languages: places.languages.map((value) => ({ value, label: formats.language(value) })),
    purposes: purposes
      .toSorted((one, other) => rank(one) - rank(other))
      .map(({ id, name }) => ({ value: id, label: name })),
  };
}
