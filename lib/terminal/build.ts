import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const STAMP = join(".next", "contraste-sources.sha256");
const FOLDERS = ["app", "lib", "db"];
const FILES = ["package-lock.json", "next.config.ts", "postcss.config.mjs", "proxy.ts", "tsconfig.json"];
const IS_SOURCE = /\.(ts|tsx|css|json|mjs)$/;
const IS_TEST = /\.test\.tsx?$/;

/** Builds the console when there is no build, or when it was made from other sources. Says what it does. */
export async function ensureBuild(say: (line: string) => void): Promise<void> {
  const sources = hashOfSources();
  if (existsSync(join(".next", "BUILD_ID")) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === sources) return;
  say("building the console (about a minute, only when its sources changed)");
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const build = spawn(process.execPath, [join("node_modules", "next", "dist", "bin", "next"), "build"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [build.stdout, build.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const [code] = await once(build, "exit");
  if (code !== 0) throw new Error(`The console could not be built:\n${Buffer.concat(output).toString("utf8")}`);
  writeFileSync(STAMP, sources);
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const path of [...FOLDERS.flatMap(filesBelow), ...FILES.filter((file) => existsSync(file))].sort()) {
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => IS_SOURCE.test(path) && !IS_TEST.test(path) && statSync(path).isFile())
    .map((path) => relative(".", path));
}
