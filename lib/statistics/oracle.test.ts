import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answer } from "./oracle";
import { judge, OracleFileError, OracleInput, parseOracleCases } from "./oracle-case";

const copied = join(import.meta.dirname, "oracle-cases");
const specified = join(import.meta.dirname, "../../../shared/stats/oracle");

const namesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".json"));

function failuresOf(text: string): string[] {
  return parseOracleCases(text).flatMap(({ id, fn, in: input, out, tol }) =>
    judge(out, answer(fn, input), tol).failures.map((failure) => `${id} ${failure}`),
  );
}

describe("reference cases", () => {
  it.each(namesIn(copied))("%s: every figure agrees with R and with what others published", (name) => {
    expect(failuresOf(readFileSync(join(copied, name), "utf8"))).toEqual([]);
  });

  it.skipIf(!existsSync(specified))("the copies are the cases of the specification", () => {
    expect(namesIn(copied)).toEqual(namesIn(specified));
    for (const name of namesIn(specified)) {
      const cases = (folder: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
      expect(cases(copied)).toEqual(cases(specified));
    }
  });
});

describe("judging a case", () => {
  const tol = { rel: 0, abs: 0.01 };

  it("fails a value that is off, missing, or of another length", () => {
    expect(judge({ p: 0.5 }, { p: 0.52 }, tol).failures).toEqual(["p: expected 0.5, got 0.52"]);
    expect(judge({ p: 0.5 }, {}, tol).failures).toEqual(["p: expected 0.5, got nothing"]);
    expect(judge({ p: [0.5, 0.6] }, { p: [0.5] }, tol).failures).toEqual(["p.length: expected 2, got 1"]);
  });

  it("passes nothing computed where NaN or null is expected, and fails NaN everywhere", () => {
    expect(judge({ ratio: "NaN", lo: null }, { ratio: null, lo: null }, tol).failures).toEqual([]);
    expect(judge({ ratio: 1 }, { ratio: Number.NaN }, tol).failures).toHaveLength(1);
    expect(judge({ lo: null }, { lo: Number.NaN }, tol).failures).toHaveLength(1);
  });

  it("compares infinite bounds as values", () => {
    expect(judge({ hi: "Infinity" }, { hi: Number.POSITIVE_INFINITY }, tol).failures).toEqual([]);
    expect(judge({ hi: "Infinity" }, { hi: 1e9 }, tol).failures).toHaveLength(1);
  });

  it("says in a sentence what is wrong with a file or a case", () => {
    expect(() => parseOracleCases("no")).toThrow("the file is not JSON");
    expect(() => parseOracleCases('{"cases": [{}]}')).toThrow('case 1 lacks "fn", "in" or "out"');
    expect(() => answer("nonsense", new OracleInput({}))).toThrow(OracleFileError);
    expect(() => answer("normCdf", new OracleInput({}))).toThrow('the input lacks the number "z"');
  });
});
