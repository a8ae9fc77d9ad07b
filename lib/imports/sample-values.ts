import type { ColumnTarget } from "./mapping";

const HIDDEN = "•••";
const LONGEST = 32;
/** So many digits in a row, separators aside, may be a telephone number. */
const DIGITS_OF_A_NUMBER = 7;
/** What these hold names nobody, however many digits it has. */
const OPEN_TARGETS: ReadonlySet<ColumnTarget> = new Set([
  "country",
  "language",
  "time_zone",
  "consent",
  "consent_at",
  "wording_version",
  "source_system",
  "calling_code",
]);
const NAME_TARGETS: ReadonlySet<ColumnTarget> = new Set([
  "full_name",
  "first_name",
  "middle_name",
  "last_name",
  "attester",
  "external_id",
  "ignore",
]);

/** A cell as a page may show it: enough to recognise the column, too little to recognise the person. */
export function maskSample(value: string, target: ColumnTarget): string {
  const text = value.replace(/\s+/g, " ").trim();
  if (OPEN_TARGETS.has(target)) return cut(text);
  if (target === "evidence_hash") return cut(text.slice(0, 12), text.length > 12);
  if (text.includes("@")) return maskMail(text);
  if (target === "phone" || digitsOf(text) >= DIGITS_OF_A_NUMBER) return maskDigits(text);
  if (NAME_TARGETS.has(target)) return text.split(" ").map(initial).join(" ");
  return cut(text);
}

/** What a rejected row holds where something else was expected: short texts as they are, numbers and addresses hidden. */
export function maskFound(value: string): string {
  const text = value.replace(/\s+/g, " ").trim();
  if (text.includes("@")) return maskMail(text);
  return /^[\d\s.:/T+Z-]+$/.test(text) && /[:/-]/.test(text.slice(1)) ? cut(text) : maskDigits(cut(text));
}

/** Keeps what tells forms apart (`+34 •••••• 101`): the first characters and the last three digits. */
function maskDigits(text: string): string {
  const total = digitsOf(text);
  if (total < DIGITS_OF_A_NUMBER) return text;
  let seen = 0;
  return text.replace(/\d/g, (digit) => {
    seen += 1;
    return seen <= 3 || seen > total - 3 ? digit : "•";
  });
}

function maskMail(text: string): string {
  const [name = "", domain = ""] = text.split("@");
  return `${initial(name)}@${initial(domain)}`;
}

function initial(word: string): string {
  const [first] = [...word];
  return first === undefined ? "" : `${first}${HIDDEN}`;
}

function digitsOf(text: string): number {
  return text.replace(/\D/g, "").length;
}

function cut(text: string, isLonger = text.length > LONGEST): string {
  return isLonger ? `${text.slice(0, LONGEST)}…` : text;
}
