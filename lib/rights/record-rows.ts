import type { Translator } from "@/lib/i18n/translator";
import { classText, termText } from "./package-html";
import { recipients } from "./recipients";
import { type GeneratedRecord, type RecordKind, recordFields } from "./records";

/** A record as a table of part, name and content: what the product knows, then what people wrote. */
export function recordRows(
  { kind, generated, texts }: { kind: RecordKind; generated: GeneratedRecord; texts: Readonly<Record<string, string>> },
  t: Translator<"rights">,
): string[][] {
  return [...generatedRows(kind, generated, t), ...ownRows(kind, texts, t)];
}

function generatedRows(kind: RecordKind, generated: GeneratedRecord, t: Translator<"rights">): string[][] {
  const recipients = generated.recipients.map(({ name, role, where, safeguard }) => [
    t("records.recipients"),
    name,
    role === "processor" ? t("records.roles.processor") : role,
    where,
    safeguardText(safeguard, t),
  ]);
  if (kind === "processors") return recipients;
  return [
    ...generated.activities.map((one) => [
      t("records.activities"),
      one.purpose,
      one.controller,
      basisText(one.lawfulBasis, t),
      t("records.days", { count: one.validityDays, countText: String(one.validityDays) }),
      t("records.days", { count: one.retentionDays, countText: String(one.retentionDays) }),
    ]),
    ...recipients,
    ...generated.retention.map(({ what, kept }) => [t("records.columns.kept"), classText(what, t), termText(kept, t)]),
    [t("records.scale"), String(generated.people)],
    [t("records.countries"), generated.countries.join(", ")],
    [t("records.attributes"), generated.attributes.join(", ")],
    [t("records.sources"), generated.sources.join(", ")],
  ];
}

function ownRows(kind: RecordKind, texts: Readonly<Record<string, string>>, t: Translator<"rights">): string[][] {
  return recordFields[kind].map((field) => [t("records.texts"), t(`records.fields.${field}`), texts[field] ?? ""]);
}

/** What protects data that leaves, in words: ours are known in both languages, others stay as they were written. */
export function safeguardText(safeguard: string, t: Translator<"rights">): string {
  return recipients.some((one) => one.safeguard === safeguard) ? t("records.safeguards.meta") : safeguard;
}

const bases = ["consent", "contract", "legal_obligation", "legitimate_interest"] as const;

/** A legal basis in words. */
export function basisText(basis: string, t: Translator<"rights">): string {
  const known = bases.find((one) => one === basis);
  return known ? t(`records.bases.${known}`) : basis;
}
