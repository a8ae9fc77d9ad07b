import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { holds } from "@/lib/foundation/testing/holds";
import { csvField, csvLine, plainCell } from "./csv-cell";

const VECTORS = new URL("../../../shared/compliance/vectors/csv-injection.json", import.meta.url);
const Vectors = z.object({ cases: z.array(z.object({ input: z.string(), field: z.string() })) });

test.skipIf(!existsSync(VECTORS))("fields that a spreadsheet would run are disarmed as in compliance/vectors", () => {
  const { cases } = Vectors.parse(JSON.parse(readFileSync(VECTORS, "utf8")));
  for (const { input, field } of cases) expect(csvField(input)).toBe(field);
});

test("what we export and import again is what it was, and no spreadsheet takes a cell of it for a formula", async () => {
  const nasty = fc.string({ unit: fc.constantFrom(..."'=+-@\t\r\n \"ab,;0＝\uFEFF") });
  const text = fc.oneof(nasty, fc.string({ unit: "binary" }));
  await holds(
    "CSV",
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
      const [cells = []] = parse(csvLine(values), { record_delimiter: "\r\n" }) as string[][]; // text without columns
      expect(cells.map(plainCell)).toEqual(values);
      for (const cell of cells) expect("=+-@\t\r\n\0＝＋－＠").not.toContain(cell.trimStart().charAt(0) || "x");
    }),
    { runs: 1_000, long: 10_000 },
  );
});
