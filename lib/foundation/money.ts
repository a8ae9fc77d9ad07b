/** An amount: whole millionths of the currency's main unit (1 EUR = 1,000,000) and an ISO 4217 code. Never a fraction. */
export interface Money {
  readonly micros: number;
  readonly currency: string;
}

export const MICROS = 1_000_000;

/** An amount from whole micros. Refuses fractions and amounts past 9 · 10^15 micros, where a number would lose a unit. */
export function money(micros: number, currency: string): Money {
  if (!Number.isSafeInteger(micros)) throw new RangeError(`${micros} is not a whole, safe number of micros`);
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`${currency} is not an ISO 4217 code`);
  return { micros: micros === 0 ? 0 : micros, currency };
}

/** The sum of two amounts of one currency. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be added`);
  return money(a.micros + b.micros, a.currency);
}

/** What a whole number of pieces costs. */
export function timesMoney(price: Money, count: number): Money {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is not a whole number of pieces`);
  return money(price.micros * count, price.currency);
}

/**
 * Micros of a decimal text with a point (`"12.90"`, `"-0.05"`), read digit by digit so that no binary fraction is
 * ever made. Undefined when it is not a decimal or has more than six places.
 */
export function parseMicros(text: string): number | undefined {
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole, fraction = ""] = match;
  const micros = Number(whole) * MICROS + Number(fraction.padEnd(6, "0"));
  if (!Number.isSafeInteger(micros)) return undefined;
  return sign === "-" && micros !== 0 ? -micros : micros;
}

/** The exact decimal text of an amount of micros, shortest form: `"12.9"`, `"-0.05"`. The inverse of parseMicros. */
export function decimalOfMicros(micros: number): string {
  if (!Number.isSafeInteger(micros)) throw new RangeError(`${micros} is not a whole, safe number of micros`);
  const digits = Math.abs(micros).toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${micros < 0 ? "-" : ""}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}
