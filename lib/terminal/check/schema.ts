import { randomBytes } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startEmbeddedPostgres } from "@/db/embedded";
import { provision } from "@/db/provision";
import { machineEnvironment, runNode } from "../testing/child";
import { catalogueOf } from "./catalogue";

const SNAPSHOT = join("db", "catalogue.txt");
const LINES_SHOWN = 30;
const LIMIT_MS = 120_000;

/**
 * Whether `db/schema` and the migrations say the same: nothing is left to generate, and a freshly migrated database is
 * made of what `db/catalogue.txt` lists (functions and grants are only in the migrations; a change shows in review).
 *
 * @param rewrites writes the list anew instead of comparing
 * @returns problems as text; nothing when all is well
 */
export async function checkSchema({ rewrites }: { rewrites: boolean }): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "contraste-schema-"));
  chmodSync(folder, 0o711); // root's server runs as another user, who has to pass through
  try {
    return (await driftOf(join(folder, "drizzle"))) ?? (await changesOf(await migratedCatalogue(folder), rewrites));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks drizzle-kit for the next migration, beside a copy of those there are. */
async function driftOf(copy: string): Promise<string | undefined> {
  cpSync("drizzle", copy, { recursive: true });
  const before = new Set(readdirSync(copy));
  const { code, output } = await runNode(
    [
      join("node_modules", "drizzle-kit", "bin.cjs"),
      "generate",
      "--dialect=postgresql",
      "--schema=./db/schema/*.ts",
      `--out=${relative(".", copy)}`, // it takes no absolute path
      "--name=drift",
    ],
    { env: machineEnvironment(), limitMs: LIMIT_MS },
  );
  if (code !== 0) return `drizzle-kit generate failed:\n${output}`;
  const drift = readdirSync(copy).filter((name) => name.endsWith(".sql") && !before.has(name));
  if (drift.length === 0) return undefined;
  const statements = drift.map((name) => readFileSync(join(copy, name), "utf8")).join("\n");
  return `db/schema says what no migration does (npx drizzle-kit generate):\n${statements}`;
}

async function migratedCatalogue(folder: string): Promise<string> {
  const password = () => randomBytes(16).toString("hex");
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    name: "postgres",
    password: password(),
    durable: false,
  });
  try {
    const { owner } = await provision({
      adminUrl: server.url,
      database: "contraste",
      passwords: { owner: password(), console: password(), ingress: password(), worker: password(), keys: password() },
      name: "check.contraste.local",
    });
    return await catalogueOf(owner);
  } finally {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true }); // may lie outside the folder
  }
}

function changesOf(found: string, rewrites: boolean): string | undefined {
  if (rewrites) {
    writeFileSync(SNAPSHOT, found);
    return undefined;
  }
  const listed = existsSync(SNAPSHOT) ? readFileSync(SNAPSHOT, "utf8") : "";
  if (listed === found) return undefined;
  const [before, after] = [new Set(listed.split("\n")), new Set(found.split("\n"))];
  const changes = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ];
  const more = changes.length > LINES_SHOWN ? [`… and ${changes.length - LINES_SHOWN} more`] : [];
  return [
    `a migrated database differs from ${SNAPSHOT}; when that is meant: npm run check -- --rewrite-catalogue`,
    ...changes.slice(0, LINES_SHOWN),
    ...more,
  ].join("\n");
}
