import type { Formats } from "@/lib/i18n/formats";

const MICROS = 1_000_000;

/** A number as the region writes it, with the decimals it has (two at most); empty for none. */
export function numberText(value: number | null, formats: Formats): string {
  if (value === null) return "";
  const digits = [0, 1, 2].find((some) => Number(value.toFixed(some)) === value) ?? 2;
  return formats.decimal(value, digits);
}

export function moneyText(micros: number | null, formats: Formats): string {
  return numberText(micros === null ? null : micros / MICROS, formats);
}

export function microsOf(amount: number | null): number | null {
  return amount === null ? null : Math.round(amount * MICROS);
}

export type TypedNumber = { ok: true; value: number | null } | { ok: false };

/** Reads what somebody typed: nothing is null; what is no number, or outside the range, is refused. */
export function readTyped(
  text: string,
  formats: Formats,
  { above = 0, atMost, atLeast }: { above?: number; atLeast?: number; atMost: number },
): TypedNumber {
  if (text.trim() === "") return { ok: true, value: null };
  const value = formats.parseNumber(text);
  if (value === undefined || value > atMost) return { ok: false };
  if (atLeast === undefined ? value <= above : value < atLeast) return { ok: false };
  return { ok: true, value };
}
