import { consentEventTypes, consentSources } from "@/lib/consent/consent";
import { isUuid, parsePublicId } from "@/lib/foundation/ids";
import { isCountry } from "@/lib/foundation/phone";
import { addLocalDays } from "@/lib/foundation/time";
import type { ConsentLogFilter } from "@/lib/reporting/queries/list-consent-log";
import { listPath } from "../../list-path";
import { dayOf } from "../day-of";

/** State of the list, in the address: nothing personal may be in it. */
export interface ConsentLogQuery {
  type?: string;
  purpose?: string;
  source?: string;
  wording?: string;
  country?: string;
  by?: string;
  from?: string;
  to?: string;
  size?: string;
  cursor?: string;
}

export const pageSizes = ["50", "100", "200"] as const;
export const actorKinds = ["contact", "user", "api_key", "system", "meta"] as const;
const names = ["type", "purpose", "source", "wording", "country", "by", "from", "to", "size", "cursor"] as const;

/** What the query of an address asks for; what is not understood is left out. Days are the organisation's. */
export function consentLogFilter(query: ConsentLogQuery, timeZone: string): ConsentLogFilter {
  const until = dayOf(query.to, timeZone);
  const [at = "", id = ""] = (query.cursor ?? "").split("~");
  const size = pageSizes.find((one) => one === query.size);
  const found: { [K in keyof ConsentLogFilter]: ConsentLogFilter[K] | undefined } = {
    type: consentEventTypes.find((one) => one === query.type),
    purposeId: parsePublicId("pur", query.purpose ?? ""),
    source: consentSources.find((one) => one === query.source),
    wordingVersionId: parsePublicId("wrd", query.wording ?? ""),
    country: query.country && isCountry(query.country) ? query.country : undefined,
    by: actorKinds.find((one) => one === query.by),
    from: dayOf(query.from, timeZone),
    to: until && addLocalDays(until, 1, timeZone),
    cursor: isUuid(id) && !Number.isNaN(Date.parse(at)) ? query.cursor : undefined,
    limit: size && Number(size),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The address of the same list, or of its file, with some of its state changed. */
export function consentLogPath(base: string, query: ConsentLogQuery, changes: Partial<ConsentLogQuery> = {}): string {
  return listPath(base, names, { ...query, ...changes });
}
