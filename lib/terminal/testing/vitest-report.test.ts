import { expect, test } from "vitest";
import { propertyCases } from "./vitest-report";

const report = (...metas: object[]) => {
  const assertionResults = metas.map((meta) => ({ fullName: "a", status: "passed", meta }));
  return JSON.stringify({ testResults: [{ name: "a.test.ts", status: "passed", assertionResults }] });
};

test("property cases are added up by what they are about", () => {
  const json = report({ cases: { CSV: 900, SSRF: 10 } }, {}, { cases: { CSV: 100 } });
  expect(propertyCases(json)).toBe("1,010 property cases held: CSV 1,000, SSRF 10");
  expect(propertyCases(report({}))).toBeUndefined();
});
