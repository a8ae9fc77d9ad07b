import type { Locale, Region } from "./locales";

// The only file that speaks to Intl: numbers, percentages, points, money, dates, times and lists.

const NBSP = "\u00a0";
const MINUS = "\u2212";
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MICROS = 1_000_000;
/** An interval narrower than this (a fraction: 0.5 points) is worth a second decimal. */
const NARROW_INTERVAL = 0.005;

export interface FormatSettings {
  /** The language of words: months, "hace 3 min". */
  locale: Locale;
  /** How numbers and dates are written. */
  region: Region;
  /** IANA zone of the organisation. */
  timeZone: string;
  /** ISO 4217 code of the reports; other currencies show their code. */
  currency: string;
}

/** An amount as `lib/foundation/money.ts` makes it. */
export interface Amount {
  micros: number;
  currency: string;
}

/** An estimate with the interval that decides; fractions (0.018 is 1.8 points) unless a function says otherwise. */
export interface Interval {
  estimate: number;
  lower: number;
  upper: number;
}

export type Instant = Date | string | number;
export type Formats = ReturnType<typeof createFormats>;

/** Everything the product needs to write numbers and instants, for one person's settings. Pure: same in, same out. */
export function createFormats(settings: FormatSettings) {
  return {
    settings,
    ...numberFormats(settings),
    ...moneyFormats(settings),
    ...timeFormats(settings),
    ...wordFormats(settings),
  };
}

/** A figure never breaks from its unit and its minus is a minus. */
function tidy(text: string): string {
  return text.replace(/[\u0020\u202f]/g, NBSP).replace(/-(?=[\d.,]|\p{Sc})/gu, MINUS);
}

function decimals(region: Region, digits: number, sign: "auto" | "always" = "auto") {
  const format = new Intl.NumberFormat(region, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: "always",
    signDisplay: sign,
  });
  return (value: number) => tidy(format.format(value));
}

function numberFormats({ region }: FormatSettings) {
  const plain = decimals(region, 0);
  const compactFormat = new Intl.NumberFormat(region, { notation: "compact", maximumFractionDigits: 1 });
  const percentFormat = (digits: number) =>
    new Intl.NumberFormat(region, {
      style: "percent",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: "always",
    });

  /** `12.450` */
  const integer = (value: number) => plain(value);
  /** `1.234,5` with exactly `digits` decimals. */
  const decimal = (value: number, digits = 1) => decimals(region, digits)(value);
  /** `1,3 M`: axes and the headline of /roi only, the full value beside it. */
  const compact = (value: number) => tidy(compactFormat.format(value));
  /** A fraction: 0.051 → `5,1 %`. */
  const percent = (fraction: number, digits = 1) => tidy(percentFormat(digits).format(fraction));
  /** A difference of fractions, always signed: 0.018 → `+1,8 pp`. */
  const points = (fraction: number, digits = 1) => `${signedPoints(fraction, digits)}${NBSP}pp`;
  /** The same without its unit, for axes and columns whose head says it: `+1,8`. */
  const signedPoints = (fraction: number, digits = 1) => decimals(region, digits, "always")(fraction * 100);
  /** Points without sign or unit, for sentences that carry both: 0.011 → `1,1`. */
  const unsignedPoints = (fraction: number, digits = 1) => decimals(region, digits)(Math.abs(fraction) * 100);
  /** How many decimals an interval of fractions supports, in points. */
  const pointDigits = ({ lower, upper }: Pick<Interval, "lower" | "upper">) =>
    upper - lower < NARROW_INTERVAL ? 2 : 1;
  /** `[0,6; 3,0]`: the ends of a difference in points, minus only where it is negative. */
  const pointsInterval = (interval: Pick<Interval, "lower" | "upper">, digits = pointDigits(interval)) => {
    const end = decimals(region, digits);
    return `[${end(interval.lower * 100)};${NBSP}${end(interval.upper * 100)}]`;
  };
  /** `+1,8 pp [0,6; 3,0]`, with the decimals that the interval supports. */
  const pointsWithInterval = (interval: Interval) => {
    const digits = pointDigits(interval);
    return `${points(interval.estimate, digits)}${NBSP}${pointsInterval(interval, digits)}`;
  };
  /** `[4,6–5,6]`: the ends of a rate, in per cent, without the sign. */
  const percentInterval = ({ lower, upper }: Pick<Interval, "lower" | "upper">, digits = 1) => {
    const end = decimals(region, digits);
    return `[${end(lower * 100)}–${end(upper * 100)}]`;
  };
  /** `412 / 8.120` */
  const ratio = (numerator: number, denominator: number) => `${plain(numerator)}${NBSP}/${NBSP}${plain(denominator)}`;
  /** `412 / 8.120 · 5,1 % [4,6–5,6]`: no rate without its numerator, denominator and interval. */
  const rate = (count: number, total: number, interval: Pick<Interval, "lower" | "upper">) =>
    `${ratio(count, total)} · ${percent(count / total)}${NBSP}${percentInterval(interval)}`;
  /** Reads what a person typed in the region's way: `1.234,5` → 1234.5; undefined when it is no number. */
  const parseNumber = (text: string) => readNumber(text, region);

  return {
    integer,
    decimal,
    compact,
    percent,
    points,
    signedPoints,
    unsignedPoints,
    pointDigits,
    pointsInterval,
    pointsWithInterval,
    percentInterval,
    ratio,
    rate,
    parseNumber,
  };
}

function readNumber(text: string, region: Region): number | undefined {
  const parts = new Intl.NumberFormat(region, { useGrouping: "always" }).formatToParts(-1234.5);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  const plain = text
    .replace(/[\s\u00a0\u202f%]/g, "")
    .replaceAll(part("group"), "")
    .replace(part("decimal"), ".")
    .replace(MINUS, "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : undefined;
}

function moneyFormats({ region, currency: reporting }: FormatSettings) {
  const currencyFormat = (currency: string, digits?: number) =>
    new Intl.NumberFormat(region, {
      style: "currency",
      currency,
      currencyDisplay: currency === reporting ? "narrowSymbol" : "code",
      useGrouping: "always",
      ...(digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    });

  /** `1.234,50 €`; another currency than the reports' shows its code: `1.234,50 USD`. Rounded here, once. */
  const money = ({ micros, currency }: Amount) => tidy(currencyFormat(currency).format(micros / MICROS));
  /** Without minor units, for large sums in sentences and tiles: `64.500 €`. */
  const moneyWhole = ({ micros, currency }: Amount) => tidy(currencyFormat(currency, 0).format(micros / MICROS));
  /** With as many decimals as asked, for prices a message: `0,0509 €`. */
  const moneyPrecise = ({ micros, currency }: Amount, digits = 4) =>
    tidy(currencyFormat(currency, digits).format(micros / MICROS));
  /** `[3.800; 12.100]` in whole units; the column or sentence names the currency. */
  const moneyInterval = (lowerMicros: number, upperMicros: number, digits = 0) => {
    const end = decimals(region, digits);
    return `[${end(lowerMicros / MICROS)};${NBSP}${end(upperMicros / MICROS)}]`;
  };
  return { money, moneyWhole, moneyPrecise, moneyInterval };
}

function timeFormats({ locale, region, timeZone }: FormatSettings) {
  // Words in the language of the page, order and clock of the region: es + US is "1 dic 2026, 10:00 a.m.".
  const tag = `${locale}-${region.slice(3)}`;
  const write = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(tag, { timeZone, ...options });
    // ICU versions differ in the space before "AM": it is always one that does not break.
    return (at: Instant) =>
      format
        .format(new Date(at))
        .replace(/(?<=\d)\s(?=[ap]\.?\s?m)/i, NBSP)
        .replace(/\u202f/g, NBSP);
  };
  const day = { day: "numeric", month: "short" } as const;
  const clock = { hour: "numeric", minute: "2-digit" } as const;
  const relative = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" });

  /** `1 dic 2026` */
  const date = write({ ...day, year: "numeric" });
  /** `1 dic`: when the year is clear from the page. */
  const dayMonth = write(day);
  /** `martes, 1 dic` */
  const weekday = write({ weekday: "long", ...day });
  /** `diciembre de 2026` */
  const month = write({ month: "long", year: "numeric" });
  /** `10:00 CET`: the organisation's zone with its abbreviation. */
  const time = (at: Instant) => `${timeBare(at)} ${zoneAbbreviation(at, timeZone)}`;
  /** `10:00`, where the zone stands beside it. */
  const timeBare = write(clock);
  /** `1 dic 2026, 10:00 CET` */
  const dateTime = (at: Instant) => `${date(at)}, ${time(at)}`;
  /** `10:00` in another zone, for a recipient's local time (the text "hora local" is the caller's). */
  const timeIn = (at: Instant, zone: string) => write({ ...clock, timeZone: zone })(at);
  /** `1 dic, 10:00 CST` */
  const dateTimeIn = (at: Instant, zone: string) =>
    `${write({ ...day, timeZone: zone })(at)}, ${timeIn(at, zone)} ${zoneAbbreviation(at, zone)}`;
  /** `hace 3 min`, up to 24 hours either way; beyond it the date. The absolute time goes in `<time title>`. */
  const relativeTime = (at: Instant, now: Instant) => {
    const distance = new Date(at).getTime() - new Date(now).getTime();
    const size = Math.abs(distance);
    if (size >= DAY_MS) return date(at);
    if (size < MINUTE_MS) return tidy(relative.format(Math.trunc(distance / SECOND_MS), "second"));
    if (size < HOUR_MS) return tidy(relative.format(Math.trunc(distance / MINUTE_MS), "minute"));
    return tidy(relative.format(Math.trunc(distance / HOUR_MS), "hour"));
  };
  /** `2 h 5 min`, `40 s`: how long something took or will take. */
  const duration = (ms: number) => durationText(ms, decimals(region, 0));
  return { date, dayMonth, weekday, month, time, timeBare, dateTime, timeIn, dateTimeIn, relativeTime, duration };
}

/** `CET`, `CST`. ICU knows an abbreviation only in the locales where it is in daily use, so several are asked. */
function zoneAbbreviation(at: Instant, timeZone: string): string {
  const names = ["en-GB", "en-US"].map((tag) =>
    new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: "short" })
      .formatToParts(new Date(at))
      .find((part) => part.type === "timeZoneName"),
  );
  return names.find((name) => name && !/^(GMT|UTC)[+-]/.test(name.value))?.value ?? names[0]?.value ?? timeZone;
}

function durationText(ms: number, number: (value: number) => string): string {
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return `${number(seconds)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${number(minutes)}${NBSP}min`;
  const rest = minutes % 60;
  return `${number(Math.floor(minutes / 60))}${NBSP}h${rest ? `${NBSP}${rest}${NBSP}min` : ""}`;
}

/** CLDR's first day of the week (1 Monday … 7 Sunday). Node 20 and browsers disagree on how to ask for it. */
const FIRST_DAY: Record<Region, 1 | 7> = {
  "es-ES": 1,
  "es-MX": 7,
  "es-CO": 7,
  "es-AR": 1,
  "en-US": 7,
  "en-GB": 1,
};

function wordFormats({ locale, region }: FormatSettings) {
  const listFormat = new Intl.ListFormat(locale, { type: "conjunction" });
  const countries = new Intl.DisplayNames(locale, { type: "region", fallback: "code" });
  const languages = new Intl.DisplayNames(locale, { type: "language", fallback: "code" });
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  return {
    /** `A, B y C` */
    list: (items: readonly string[]) => listFormat.format(items),
    /** `ES` → `España` */
    country: (code: string) => countries.of(code) ?? code,
    /** `es` → `español` */
    language: (code: string) => languages.of(code.replace("_", "-")) ?? code,
    /** Alphabetical order as people expect it. */
    compare: (a: string, b: string) => collator.compare(a, b),
    /** 1 Monday, 7 Sunday. */
    weekStartsOn: FIRST_DAY[region],
  };
}
