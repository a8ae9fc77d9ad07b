import { type PhoneNumber, parsePhone } from "@/lib/foundation/phone";

/** Between two numbers in one cell: Google's ` ::: `, slashes, commas, semicolons, line breaks, "y", "o", "or", "and". */
const BETWEEN_NUMBERS = /\s*(?::::|[/;,\n|])\s*|\s+(?:y|o|or|and|e|u)\s+/u;

/**
 * The first usable number of a cell. Besides what parsePhone reads: digits that begin with a country code but lost their
 * plus, Mexico's old `+52 1`, and the country code in a column of its own.
 */
export function readPhoneCell(cell: string, country: string, callingCode = ""): PhoneNumber | undefined {
  for (const part of cell.split(BETWEEN_NUMBERS)) {
    const phone = readOne(part.trim(), country, callingCode.replace(/\D/g, ""));
    if (phone) return phone;
  }
  return undefined;
}

function readOne(text: string, country: string, callingCode: string): PhoneNumber | undefined {
  if (text === "") return undefined;
  const digits = /^'?\+?[\d\s().\u00a0-]+$/.test(text) ? text.replace(/\D/g, "") : "";
  if (callingCode !== "" && digits !== "" && !text.includes("+")) {
    const joined = parsePhone(`+${callingCode}${digits}`);
    if (joined) return joined;
  }
  return parsePhone(text, country) ?? international(digits);
}

/** `34600000010`, `5215555550010`: complete, but without the plus. */
function international(digits: string): PhoneNumber | undefined {
  if (digits.length < 10) return undefined;
  const mexican = /^521(\d{10})$/.exec(digits);
  return parsePhone(mexican ? `+52${mexican[1]}` : `+${digits}`);
}
