import type { AuditEventView } from "@/lib/reporting/queries/list-audit-events";
import type { Words } from "../officer-words";

const SHOWN_CHARACTERS = 160;
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** Hashes and ids without a name: their beginning tells them apart, the entry has them whole. */
const LONG_CODE = /\b[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{56})\b/g;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const keys = [
  "after",
  "basis",
  "before",
  "blockUntil",
  "brand",
  "campaign",
  "category",
  "cause",
  "code",
  "contact",
  "contentHash",
  "count",
  "country",
  "days",
  "email",
  "expiresAt",
  "file",
  "form",
  "from",
  "identifiers",
  "import",
  "isSolo",
  "kind",
  "language",
  "level",
  "list",
  "mailed",
  "max",
  "message",
  "method",
  "name",
  "note",
  "number",
  "own",
  "people",
  "planHash",
  "purpose",
  "redactions",
  "result",
  "roles",
  "rows",
  "rulesHash",
  "scopes",
  "segment",
  "sha256",
  "share",
  "size",
  "status",
  "template",
  "to",
  "until",
  "variant",
  "version",
  "was",
  "what",
] as const;

/** What was kept besides the reason, in words where we have them: names for ids, times as they are read, codes as they are. */
export function factsText(
  { data, subject }: Pick<AuditEventView, "data" | "subject">,
  names: ReadonlyMap<string, string>,
  { o, formats }: Pick<Words, "o" | "formats">,
): string {
  const valueText = (value: unknown): string => {
    if (typeof value === "boolean") return o(value ? "adminLog.yes" : "adminLog.no");
    if (typeof value === "number") return formats.integer(value);
    if (Array.isArray(value)) return value.map(valueText).join(", ");
    if (typeof value !== "string") return JSON.stringify(value);
    if (INSTANT.test(value)) return formats.dateTime(value);
    return ID.test(value) ? (names.get(value) ?? value) : value;
  };
  const facts = Object.entries(data).flatMap(([key, value]) => {
    if (value === null || (key === "id" && !names.has(String(value)))) return [];
    const known = keys.find((one) => one === key.replace(/Id$/, ""));
    return [`${known ? o(`adminLog.keys.${known}`) : key}: ${valueText(value)}`];
  });
  const about = subject && (names.get(subject) ?? subject);
  const text = [...(about ? [about] : []), ...facts]
    .join(" · ")
    .replaceAll(LONG_CODE, (code) => `${code.slice(0, 8)}…`);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
