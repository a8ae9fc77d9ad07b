import type { AttributeValue, ContactName } from "@/lib/audience/contact";
import { canonicalIdentifier } from "@/lib/audience/identifier";
import { isCountry, type PhoneNumber } from "@/lib/foundation/phone";
import { isTimeZone } from "@/lib/foundation/time";
import { readConsentCell } from "./consent-cell";
import { countryNamed, languageNamed } from "./country-names";
import type { ColumnMapping, ImportMapping } from "./mapping";
import { readPhoneCell } from "./phone-cell";
import type { FileRecord } from "./records";
import { readBoolean, readDate, readInstant, readNumber } from "./value-cell";

/** What a file says about somebody's consent. `claim` is the strictest reading of all its columns. */
export interface RowConsent {
  claim: "none" | "claimed" | "requested" | "left";
  /** True when the claim is about e-mail or SMS alone: it is shown, and never becomes a consent for WhatsApp. */
  isOtherChannel: boolean;
  actAt?: Date;
  wordingVersion?: string;
  sourceSystem?: string;
  evidenceHash?: string;
  attester?: string;
}

/** A row that can become a contact. */
export interface PersonRow {
  row: number;
  phone: PhoneNumber;
  name?: ContactName;
  email?: string;
  externalId?: string;
  country?: string;
  language?: string;
  timeZone?: string;
  attributes: Record<string, AttributeValue>;
  consent: RowConsent;
}

export const rejectionCodes = [
  "no_phone",
  "invalid_phone",
  "invalid_date",
  "date_in_future",
  "too_many_cells",
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

/** A row that cannot, and why: which column, what it should hold, what it holds. */
export interface RowProblem {
  row: number;
  code: RejectionCode;
  column: string;
  expected: string;
  found: string;
  /** An opt-out on a row that names nobody must be seen by a person, never dropped in silence. */
  saysLeft: boolean;
}

export type ReadRow =
  | { kind: "person"; person: PersonRow }
  | { kind: "rejected"; problem: RowProblem }
  | { kind: "footer" };

/** Five minutes of clock difference are forgiven (compliance/design.md 1.3). */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Makes a reader for one mapping: the columns of each kind are found once, not once a row. */
export function rowReader(mapping: ImportMapping, now: Date): (record: FileRecord) => ReadRow {
  const byTarget = new Map<ColumnMapping["target"], { index: number; column: ColumnMapping }[]>();
  for (const [index, column] of mapping.columns.entries()) {
    byTarget.set(column.target, [...(byTarget.get(column.target) ?? []), { index, column }]);
  }
  const of = (target: ColumnMapping["target"]) => byTarget.get(target) ?? [];
  const phones = [...of("phone")].sort((one, other) => one.column.rank - other.column.rank || one.index - other.index);
  const callingCode = of("calling_code")[0]?.index;
  const attributes = of("attribute");
  const consents = of("consent");
  const width = mapping.columns.length;
  const first = (target: ColumnMapping["target"], cells: readonly string[]): string => {
    for (const { index } of of(target)) {
      const cell = (cells[index] ?? "").trim();
      if (cell !== "") return cell;
    }
    return "";
  };

  function phoneOf(cells: readonly string[]): PhoneNumber | { column: string; found: string } {
    let found = "";
    for (const { index } of phones) {
      const cell = (cells[index] ?? "").trim();
      if (cell === "") continue;
      const phone = readPhoneCell(cell, mapping.country, callingCode === undefined ? "" : cells[callingCode]);
      if (phone) return phone;
      if (found === "") found = cell;
    }
    return { column: phones[0]?.column.header ?? "", found };
  }

  function consentOf(cells: readonly string[], actAt: Date | undefined): RowConsent {
    const { declared } = mapping;
    const evidenceHash = (first("evidence_hash", cells) || declared.evidenceHash || "").toLowerCase();
    const evidence = {
      actAt,
      wordingVersion: first("wording_version", cells) || declared.wordingVersion,
      sourceSystem: first("source_system", cells) || declared.sourceSystem,
      evidenceHash: /^[0-9a-f]{64}$/.test(evidenceHash) ? evidenceHash : undefined,
      attester: first("attester", cells) || declared.attester,
    };
    return { ...claimOf(cells, actAt), ...defined(evidence) };
  }

  function claimOf(cells: readonly string[], actAt: Date | undefined): Pick<RowConsent, "claim" | "isOtherChannel"> {
    const said = consents.flatMap(({ column, index }) => {
      const word = readConsentCell(cells[index] ?? "");
      return word && column.consent ? [{ word, ...column.consent }] : [];
    });
    const concerning = said.filter(({ channel }) => channel !== "other");
    const hasLeft = concerning.some(
      ({ word, reading }) =>
        word === "left" || (reading === "left" && word === "yes") || (reading === "switched" && word === "no"),
    );
    if (hasLeft || mapping.everybody === "left") return { claim: "left", isOtherChannel: false };
    // "No" about WhatsApp answers the question that claims without a channel leave open.
    const isRefused = said.some(
      ({ word, channel, reading }) => word === "no" && channel === "whatsapp" && reading === "accepts",
    );
    if (isRefused) return { claim: "none", isOtherChannel: false };
    const claims = concerning.filter(({ reading, word }) => reading !== "left" && word !== "no");
    // A file with evidence and no column of yes and no lists the people who agreed.
    const isListed = consents.length === 0 && of("consent_at").length > 0 && actAt !== undefined;
    if (isListed || claims.some(({ word }) => word === "yes")) return { claim: "claimed", isOtherChannel: false };
    if (claims.length > 0) return { claim: "requested", isOtherChannel: false };
    const isElsewhere = said.some(
      ({ channel, reading, word }) => channel === "other" && reading === "accepts" && word === "yes",
    );
    return isElsewhere || mapping.everybody === "other_channel"
      ? { claim: "requested", isOtherChannel: true }
      : { claim: "none", isOtherChannel: false };
  }

  /** A date that cannot be read breaks a claim; a withdrawal without a date is still a withdrawal. */
  function actOf(cells: readonly string[]): Date | { column: string; found: string; inFuture: boolean } | undefined {
    const entry = of("consent_at")[0];
    const cell = entry ? (cells[entry.index] ?? "").trim() : "";
    if (!entry || cell === "") return mapping.declared.actAt ? new Date(mapping.declared.actAt) : undefined;
    const at = readInstant(cell, entry.column.dayFirst, mapping.timeZone);
    if (at && at.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS) return at < now ? at : now;
    return { column: entry.column.header, found: cell, inFuture: at !== undefined };
  }

  return ({ row, cells }) => {
    if (cells.length === 1 && width > 2) return { kind: "footer" };
    const act = actOf(cells);
    const consent = consentOf(cells, act instanceof Date ? act : undefined);
    const saysLeft = consent.claim === "left";
    const reject = (code: RejectionCode, column: string, expected: string, found: string): ReadRow => ({
      kind: "rejected",
      problem: { row, code, column, expected, found, saysLeft },
    });
    const extra = cells.slice(width).find((cell) => cell.trim() !== "");
    if (extra !== undefined) return reject("too_many_cells", "", `${width}`, `${cells.length}`);
    const phone = phoneOf(cells);
    if (!("e164" in phone))
      return reject(phone.found === "" ? "no_phone" : "invalid_phone", phone.column, "phone", phone.found);
    if (act && !(act instanceof Date) && !saysLeft) {
      return reject(
        act.inFuture ? "date_in_future" : "invalid_date",
        act.column,
        act.inFuture ? "past" : "date",
        act.found,
      );
    }
    const country = first("country", cells);
    const zone = first("time_zone", cells);
    const person: PersonRow = {
      row,
      phone,
      attributes: attributesOf(attributes, cells),
      consent,
      ...defined({
        name: nameOf((target) => first(target, cells)),
        email: canonicalIdentifier("email", first("email", cells))?.value,
        externalId: first("external_id", cells).replace(/^'/, "") || undefined,
        country: countryOf(country) ?? phone.country ?? mapping.country,
        language: languageNamed(first("language", cells)),
        timeZone: zone !== "" && isTimeZone(zone) ? zone : undefined,
      }),
    };
    return { kind: "person", person };
  };
}

function countryOf(text: string): string | undefined {
  const code = text.toUpperCase();
  return isCountry(code) ? code : countryNamed(text);
}

function nameOf(first: (target: ColumnMapping["target"]) => string): ContactName | undefined {
  const given = first("first_name");
  const full =
    first("full_name") || [given, first("middle_name"), first("last_name")].filter((part) => part !== "").join(" ");
  if (full === "") return undefined;
  const firstName = given || (full.split(/\s+/)[0] ?? "");
  return firstName === "" ? { full } : { full, first: firstName };
}

function attributesOf(
  columns: readonly { column: ColumnMapping; index: number }[],
  cells: readonly string[],
): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const { column, index } of columns) {
    const cell = (cells[index] ?? "").trim();
    if (cell === "" || !column.attribute) continue;
    const value = typedValue(cell, column);
    if (value !== undefined) attributes[column.attribute.key] = value;
  }
  return attributes;
}

function typedValue(cell: string, column: ColumnMapping): AttributeValue | undefined {
  switch (column.attribute?.type) {
    case "number":
      return readNumber(cell, column.decimalComma);
    case "boolean":
      return readBoolean(cell);
    case "date":
      return readDate(cell, column.dayFirst);
    default:
      return cell;
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  // Entries of T without the undefined ones: exactly Defined<T>, which Object.fromEntries cannot say.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
