import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { previewTemplate, readComponents } from "./components";
import { graphRefusal } from "./message-problem";
import { checkRequest } from "./message-rules";
import { checkTemplateDraft } from "./template-rules";

const samples = new URL("samples/", import.meta.url);
const bodies = readdirSync(samples)
  .filter((name) => /^(send|template-create)-.*-request\.json$/.test(name))
  .map((name): unknown => JSON.parse(readFileSync(new URL(name, samples), "utf8")));
const fixed = { seed: 20_261_122, numRuns: 400 };

/** A body of the documentation with one of its values, at any depth, replaced by anything. */
const spoilt = fc
  .record({ body: fc.constantFrom(...bodies), at: fc.nat({ max: 60 }), by: fc.jsonValue() })
  .map(({ body, at, by }) => {
    let passed = 0;
    return JSON.parse(JSON.stringify(body), (_key, value: unknown) => (passed++ === at ? by : value)) as unknown;
  });
const componentsOf = (body: unknown) =>
  typeof body === "object" && body !== null && "components" in body ? body.components : body;

test("whatever a send looks like, the verdict is none or one that the API can give", () => {
  const surroundings = {
    endpoint: "messages" as const,
    findTemplate: () => ({ status: "APPROVED", category: "MARKETING", components: componentsOf(bodies.at(-1)) }),
  };
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.jsonValue()), (body) => {
      const problem = checkRequest(body, surroundings);
      if (problem) expect(graphRefusal(problem).code).toBeGreaterThan(0);
    }),
    fixed,
  );
});

test("whatever a template looks like, it is judged and shown without a crash", () => {
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.jsonValue()), (body) => {
      const components = componentsOf(body);
      const problems = checkTemplateDraft({ name: "a", category: "MARKETING", components });
      // What is no list of components is refused as such; anything else has parts, and the parts can be shown.
      if (!readComponents(components)) expect(problems.map(({ code }) => code)).toContain("components_malformed");
      previewTemplate(components, {});
    }),
    fixed,
  );
});
