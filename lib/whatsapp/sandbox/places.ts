/** What a phone number says about where its owner lives, for people of whom nothing else is known. */
export interface Place {
  country: string;
  /** What people there write in. */
  language: string;
  timeZone: string;
}

const places: [prefix: string, ...place: [string, string, string]][] = [
  ["+34", "ES", "es", "Europe/Madrid"],
  ["+351", "PT", "pt", "Europe/Lisbon"],
  ["+33", "FR", "fr", "Europe/Paris"],
  ["+39", "IT", "it", "Europe/Rome"],
  ["+44", "GB", "en", "Europe/London"],
  ["+49", "DE", "de", "Europe/Berlin"],
  ["+52", "MX", "es", "America/Mexico_City"],
  ["+54", "AR", "es", "America/Argentina/Buenos_Aires"],
  ["+55", "BR", "pt", "America/Sao_Paulo"],
  ["+56", "CL", "es", "America/Santiago"],
  ["+57", "CO", "es", "America/Bogota"],
  ["+1", "US", "en", "America/New_York"],
];
const elsewhere: Place = { country: "ZZ", language: "en", timeZone: "Etc/UTC" };
const byPrefix = places.map(([prefix, country, language, timeZone]) => ({
  prefix,
  place: { country, language, timeZone },
}));

export function placeOf(phone: string): Place {
  return byPrefix.find(({ prefix }) => phone.startsWith(prefix))?.place ?? elsewhere;
}
