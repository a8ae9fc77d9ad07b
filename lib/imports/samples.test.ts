import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mappingProblems } from "./apply-overrides";
import { guessMapping } from "./guess-mapping";
import { type PersonRow, type RowProblem, rowReader } from "./read-row";
import { detectDelimiter, type FileRecord, readRecords } from "./records";
import { decoded, EncodingDetector } from "./text-encoding";

const SAMPLES = new URL("../../../shared/audience/samples/", import.meta.url);
const NOW = new Date("2026-11-27T12:00:00Z");

async function* once(bytes: Uint8Array) {
  yield bytes;
}

async function readFile(fileName: string, bytes: Buffer) {
  const detector = new EncodingDetector();
  detector.push(bytes);
  const encoding = detector.end();
  let text = "";
  for await (const part of decoded(once(bytes), encoding)) text += part;
  const format = { encoding, delimiter: detectDelimiter(text) };
  const records: FileRecord[] = [];
  for await (const record of readRecords(once(bytes), format)) records.push(record);
  const [header, ...rows] = records;
  const samples = rows.slice(0, 200).map(({ cells }) => cells);
  const guess = { fileName, header: header?.cells ?? [], rows: samples, country: "ES", timeZone: "Europe/Madrid" };
  const mapping = guessMapping(guess);
  const read = rowReader(mapping, NOW);
  const people: PersonRow[] = [];
  const rejected: RowProblem[] = [];
  for (const row of rows) {
    const result = read(row);
    if (result.kind === "person") people.push(result.person);
    if (result.kind === "rejected") rejected.push(result.problem);
  }
  return { format, mapping, samples, people, rejected };
}

/** The strictest claim of each telephone number, as the table of the samples counts: withdrawn beats pending beats none. */
function summary({ people, rejected }: { people: PersonRow[]; rejected: RowProblem[] }) {
  const claims = new Map<string, "out" | "pending" | "none">();
  const strictness = { none: 0, pending: 1, out: 2 };
  for (const { phone, consent } of people) {
    const claim = consent.claim === "left" ? "out" : consent.claim === "none" ? "none" : "pending";
    const held = claims.get(phone.e164) ?? "none";
    claims.set(phone.e164, strictness[claim] > strictness[held] ? claim : held);
  }
  const of = (wanted: string) => [...claims.values()].filter((claim) => claim === wanted).length;
  const missing = rejected.filter(({ code }) => code === "no_phone").length;
  return {
    rows: people.length + rejected.length,
    importable: claims.size,
    duplicates: people.length - claims.size,
    invalid: rejected.length - missing,
    missing,
    optOutsRejected: rejected.filter(({ saysLeft }) => saysLeft).length,
    pending: of("pending"),
    out: of("out"),
    none: of("none"),
  };
}

// The table of audience/samples/README.md: rows, importable, duplicates, invalid, without number, opt-outs on rejected
// rows, pending, opted out, no state.
const TABLE: [string, ...number[]][] = [
  ["shopify-customers_export.csv", 35, 30, 2, 2, 1, 0, 9, 0, 21],
  ["subscribed_email_audience_export_4f1c2a7b90.csv", 32, 23, 1, 2, 6, 0, 23, 0, 0],
  ["unsubscribed_email_audience_export_4f1c2a7b90.csv", 26, 21, 1, 0, 4, 4, 0, 21, 0],
  ["cleaned_email_audience_export_4f1c2a7b90.csv", 25, 18, 0, 2, 5, 7, 0, 18, 0],
  ["google-contacts.csv", 38, 34, 2, 1, 1, 0, 0, 0, 34],
  ["hubspot-crm-exports-all-contacts-2026-11-02.csv", 36, 32, 2, 1, 1, 1, 5, 5, 22],
  ["excel-es-delimitado-por-comas.csv", 33, 27, 3, 2, 1, 0, 10, 4, 13],
  ["excel-es-texto-unicode.txt", 28, 26, 0, 1, 1, 0, 11, 5, 10],
  ["wati-contacts.csv", 36, 33, 1, 1, 1, 0, 26, 6, 1],
  ["interakt-users.csv", 32, 29, 1, 1, 1, 1, 16, 7, 6],
  ["brevo-contacts-export.csv", 33, 30, 1, 1, 1, 0, 8, 4, 18],
  ["wc-customers-report-export.csv", 37, 31, 3, 2, 1, 0, 0, 0, 31],
];

describe.skipIf(!existsSync(SAMPLES))("files as other systems export them", () => {
  test.each(TABLE)(
    "%s is read as its note says, untouched and without a word from a person",
    async (fileName, ...figures) => {
      const file = await readFile(fileName, readFileSync(new URL(fileName, SAMPLES)));
      expect(Object.values(summary(file))).toEqual(figures);
      expect(mappingProblems(file.mapping, file.samples)).toEqual([]);
    },
  );

  test("the same person has the same number in every file", async () => {
    const google = await readFile("google-contacts.csv", readFileSync(new URL("google-contacts.csv", SAMPLES)));
    const phoneOfRow = (row: number) => google.people.find((person) => person.row === row)?.phone.e164;
    expect([5, 9, 32, 33, 35].map(phoneOfRow)).toEqual([
      "+34600000015",
      "+34600000019",
      "+34600000013",
      "+34600000014",
      "+525555550015",
    ]);
  });
});

const own = (name: string) => readFileSync(new URL(`./testing/${name}`, import.meta.url));

test("a Spanish file with semicolons, accents and evidence maps itself", async () => {
  const { format, mapping, people } = await readFile("clientes.csv", own("clientes.csv"));
  expect(format).toEqual({ encoding: "utf-8", delimiter: ";" });
  expect(mapping.columns.map(({ target }) => target)).toEqual([
    ...["phone", "first_name", "last_name", "email", "country", "language", "attribute", "consent", "consent_at"],
    ...["wording_version", "source_system", "evidence_hash", "attester"],
  ]);
  expect(people[0]).toMatchObject({
    phone: { e164: "+34600000101" },
    country: "ES",
    language: "es",
    attributes: { importe: 12.5 },
    consent: {
      claim: "claimed",
      actAt: new Date("2026-03-04T09:30:00Z"),
      wordingVersion: "v1",
      attester: "Marta Solana",
    },
  });
});

test("an English file with commas maps itself, and a name that looks like a formula stays text", async () => {
  const { mapping, people } = await readFile("english.csv", own("english.csv"));
  expect(mapping.columns.map(({ target }) => target)).toEqual([
    ...["phone", "full_name", "email", "country", "attribute", "attribute", "consent", "consent_at"],
    ...["wording_version", "source_system", "evidence_hash", "attester"],
  ]);
  expect(people.map(({ name, consent, attributes }) => [name?.full, consent.claim, attributes])).toEqual([
    ["Ada Byron", "claimed", { plan: "gold", signed_up: "2026-01-05" }],
    ["=SUM(A1)", "left", { plan: "silver", signed_up: "2026-02-06" }],
  ]);
});

test("a file in Windows-1252 is recognised by the byte that UTF-8 does not know, however late it comes", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`telefono;nombre\n${"600000001;Ana\n".repeat(50)}600000002;I`),
    Buffer.of(0xf1),
    Buffer.from("igo\n"),
  ]);
  const { format, people } = await readFile("a.csv", bytes);
  expect(format.encoding).toBe("windows-1252");
  expect(people.at(-1)?.name?.full).toBe("Iñigo");
});
