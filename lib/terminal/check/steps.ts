import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkCatalogues, unusedKeys } from "@/lib/i18n/check-catalogues";
import { messages } from "@/lib/i18n/messages";
import { machineEnvironment, runNode } from "../testing/child";
import { checkSchema } from "./schema";

export interface CheckStep {
  name: string;
  /** Problems as text for people; nothing when all is well. */
  run(): Promise<string | undefined>;
}

const LIMIT_MS = 300_000;

/** The steps of `npm run check`, in the order in which people want to hear of them. */
export function checkSteps(options: { rewritesCatalogue: boolean }): readonly CheckStep[] {
  return [
    {
      name: "format and lint",
      run: () => tool("@biomejs/biome/bin/biome", "check", "--diagnostic-level=error", "--max-diagnostics=50"),
    },
    { name: "types", run: types },
    { name: "import rules", run: () => tool("dependency-cruiser/bin/dependency-cruise.mjs", "app", "lib", "db") },
    { name: "dead code", run: () => tool("knip/bin/knip.js") },
    { name: "schema = migrations", run: () => checkSchema({ rewrites: options.rewritesCatalogue }) },
    { name: "message catalogues", run: catalogues },
  ];
}

/** A fresh clone has no types of Next's yet; they declare what pages import besides code. */
async function types(): Promise<string | undefined> {
  return (await tool("next/dist/bin/next", "typegen")) ?? (await tool("typescript/bin/tsc", "--noEmit"));
}

async function tool(script: string, ...args: string[]): Promise<string | undefined> {
  const env = machineEnvironment({ NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" });
  const { code, output } = await runNode([join("node_modules", script), ...args], { env, limitMs: LIMIT_MS });
  return code === 0 ? undefined : output.trim() || `ended with code ${code}`;
}

async function catalogues(): Promise<string | undefined> {
  const problems = [...checkCatalogues(messages), ...unusedKeys(messages.es, sources())];
  const lines = problems.map(({ kind, locale, key, detail }) => `${kind} ${locale} ${key}: ${detail}`);
  return lines.length > 0 ? lines.join("\n") : undefined;
}

function sources(): string[] {
  return ["app", "lib"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
      .map((path) => readFileSync(join(folder, path), "utf8")),
  );
}
