import Holidays from "date-holidays";

/** How many calendar years, from the given one on, a version of the rules knows the holidays of. */
const YEARS = 3;

/** National public holidays of a country as local dates, in order; none for a country that the library does not know. */
export function publicHolidays(country: string, fromYear: number): string[] {
  const calendar = new Holidays(country);
  const dates = Array.from({ length: YEARS }, (_, i) => calendar.getHolidays(fromYear + i)).flat();
  return [...new Set(dates.filter(({ type }) => type === "public").map(({ date }) => date.slice(0, 10)))].sort();
}
