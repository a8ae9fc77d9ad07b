import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

/** What people rarely type: `npm start` builds by itself, editors format, a test says when the verifier is to be made anew. */
const FOR_EDITORS = new Set(["build", "format", "verifier"]);

/** Names of a zod object's fields, read from the source: the schema itself is private to its file. */
function configurationNames(): string[] {
  const source = readFileSync("lib/foundation/env.ts", "utf8");
  const schema = /const EnvSchema = z\.object\(\{\n(.*?)\n\}\);/s.exec(source)?.[1] ?? "";
  return [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name = ""]) => name);
}

function namesFromFiles(): string[] {
  const source = readFileSync("lib/foundation/env.ts", "utf8");
  const list = /const FROM_FILE = \[(.*?)\]/s.exec(source)?.[1] ?? "";
  return [...list.matchAll(/"([A-Z_]+)"/g)].map(([, name = ""]) => name);
}

test("the configuration table names exactly what the product reads, and what may come from a file", () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)`( \*)? +\|/gm)];
  expect(rows.map(([, name]) => name).toSorted()).toEqual(configurationNames().toSorted());
  expect(rows.flatMap(([, name, star]) => (star ? [name] : [])).toSorted()).toEqual(namesFromFiles().toSorted());
});

test("the README names every command that package.json has for people, and none that it has not", () => {
  const named = new Set([...readme.matchAll(/npm (?:run )?([a-z][a-z:]*)/g)].map(([, name = ""]) => name));
  named.delete("ci");
  expect([...named].filter((name) => !(name in scripts))).toEqual([]);
  expect(Object.keys(scripts).filter((name) => !named.has(name) && !FOR_EDITORS.has(name))).toEqual([]);
});
test("every command that the README names is run by the tests", () => {
  const cases = ["demo-cases", "file-cases", "product-cases", "chaos-cases", "log-cases"]
    .map((name) => readFileSync(`lib/terminal/testing/commands/${name}.ts`, "utf8"))
    .join("\n");
  const run = new Set([...cases.matchAll(/(?:npmRun|startCommand)\(\s*"([a-z:]+)"/g)].map(([, name]) => name));
  const named = new Set([...readme.matchAll(/npm (?:run )?([a-z][a-z:]*)/g)].map(([, name = ""]) => name));
  // The tests themselves, and what their first stage is.
  for (const name of ["ci", "test", "test:long", "check"]) named.delete(name);
  expect([...named].filter((name) => !run.has(name))).toEqual([]);
});
