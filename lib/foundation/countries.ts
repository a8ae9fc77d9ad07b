import { getCountries } from "libphonenumber-js/min";

/** ISO 3166-1 alpha-2 codes of every country with a numbering plan: what a person may choose for national numbers. */
export const countries: readonly string[] = getCountries();
