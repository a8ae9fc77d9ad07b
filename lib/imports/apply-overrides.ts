import { attributeKey, attributeTypes } from "@/lib/audience/contact";
import { identifiesPeople } from "./guess-mapping";
import { headerWords, phoneRank } from "./header-rules";
import {
  type ColumnMapping,
  columnTargets,
  consentChannels,
  consentReadings,
  type ImportMapping,
  type MappingOverrides,
  type MappingProblem,
} from "./mapping";

/** A guess with a person's corrections, or what is wrong with them. Nothing is corrected halfway. */
export function applyOverrides(
  guess: ImportMapping,
  overrides: MappingOverrides,
): { mapping: ImportMapping; problems: MappingProblem[] } {
  const problems: MappingProblem[] = [];
  for (const header of Object.keys(overrides.columns)) {
    if (!guess.columns.some((column) => column.header === header)) problems.push({ header, problem: "unknown_column" });
  }
  const columns = guess.columns.map((column) => {
    const said = overrides.columns[column.header];
    if (said === undefined) return column;
    const corrected = correct(column, said);
    if (!corrected) problems.push({ header: column.header, problem: "unknown_target" });
    return corrected ?? column;
  });
  const { country, timeZone, everybody, declared } = overrides;
  const mapping: ImportMapping = {
    columns,
    country: country ?? guess.country,
    timeZone: timeZone ?? guess.timeZone,
    everybody: everybody === undefined ? guess.everybody : everybody,
    declared: declared ?? guess.declared,
  };
  return { mapping, problems };
}

function correct(column: ColumnMapping, said: string): ColumnMapping | undefined {
  const [target, ...details] = said.split(":");
  const known = columnTargets.find((name) => name === target);
  if (!known) return undefined;
  const base = { ...column, target: known, confidence: 1, attribute: undefined, consent: undefined };
  if (known === "phone") return { ...base, rank: phoneRank(headerWords(column.header)) };
  if (known === "attribute") {
    const type = attributeTypes.find((name) => name === (details[0] ?? column.attribute?.type ?? "text"));
    return type && { ...base, attribute: { key: column.attribute?.key ?? attributeKey(column.header), type } };
  }
  if (known === "consent") {
    const channel = consentChannels.find((name) => name === (details[0] ?? column.consent?.channel ?? "whatsapp"));
    const reading = consentReadings.find((name) => name === (details[1] ?? column.consent?.reading ?? "accepts"));
    return channel && reading && { ...base, consent: { channel, reading } };
  }
  return base;
}

/** What keeps a mapping from being used. `samples` are the file's first records: an attribute may not identify anybody. */
export function mappingProblems(mapping: ImportMapping, samples: readonly (readonly string[])[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  if (!mapping.columns.some((column) => column.target === "phone"))
    problems.push({ header: null, problem: "no_phone_column" });
  const keys = new Set<string>();
  for (const [index, { header, attribute }] of mapping.columns.entries()) {
    if (!attribute) continue;
    const values = samples.map((row) => (row[index] ?? "").trim()).filter((value) => value !== "");
    if (identifiesPeople(header, values, mapping.country)) problems.push({ header, problem: "identifies_people" });
    if (keys.has(attribute.key)) problems.push({ header, problem: "attribute_twice" });
    keys.add(attribute.key);
  }
  return problems;
}
