import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newId } from "@/lib/foundation/ids";
import { type Actor, roles, type SystemName, systemActor } from "./actor";
import { grantOf } from "./authorize";
import type { Context } from "./context";
import { permissionNames } from "./permissions";

// Every command and query × every set of roles, a program without scopes, and every process of ours: whoever the table does not name
// is refused, before anything of the database is touched. That each asks first is authorize-first.test.ts.

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /^\w+\/(commands|queries)\/[\w-]+\.ts$/.test(path) && !path.includes(".test."));

const systems: SystemName[] = ["console", "worker", "ingress", "sandbox", "terminal"];
/** Nobody's roles, each role, and all that one person may hold together. */
const roleSets = Array.from({ length: 2 ** roles.length }, (_, set) =>
  roles.filter((_role, bit) => (set >> bit) % 2 === 1),
);
const actors: Actor[] = [
  ...roleSets.map((held): Actor => ({ kind: "user", userId: newId(), roles: held, sessionId: null })),
  { kind: "api_key", keyId: newId(), scopes: [] },
  ...systems.map(systemActor),
];

/** A context in which whatever is touched before the refusal is found out. */
function nowhere(actor: Actor): Context {
  const touched = () => {
    throw new Error("touched before it was refused");
  };
  const trap = <T extends object>() => new Proxy({} as T, { get: touched });
  return { actor, now: () => new Date(0), db: trap(), keys: trap(), secrets: trap() };
}

const ASKING = /export (?:async )?function\*? ?(\w+)[^{]*?\(\s*ctx: Context[\s\S]*?\{\s*authorize\(ctx, "([\w.]+)"/g;

/** The functions of a file whose first statement asks for one named permission. */
function asking(file: string): { name: string; permission: string }[] {
  const source = readFileSync(join(root, file), "utf8");
  return source.split(/^(?=export )/m).flatMap((piece) => {
    const [found] = piece.matchAll(ASKING);
    return found?.[1] && found[2] ? [{ name: found[1], permission: found[2] }] : [];
  });
}

type Callable = (ctx: Context, ...input: unknown[]) => unknown;

async function outcome(run: Callable, ctx: Context): Promise<string> {
  try {
    const result = run(ctx, {}, {}, {});
    const isGenerator = typeof result === "object" && result !== null && Symbol.asyncIterator in result;
    await (isGenerator ? (result as AsyncGenerator).next() : result);
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

test("whoever the table does not name is refused by every command and query", async () => {
  const leaks: string[] = [];
  let [asked, functions] = [0, 0];
  for (const file of files) {
    const found = asking(file);
    if (found.length === 0) continue;
    const module: Record<string, unknown> = await import(join(root, file));
    for (const { name, permission } of found) {
      const run = module[name];
      const known = permissionNames.find((one) => one === permission);
      if (typeof run !== "function" || !known) throw new Error(`${file} ${name}: ${permission}`);
      functions++;
      for (const actor of actors.filter((one) => grantOf(one, known) === undefined)) {
        asked++;
        const answer = await outcome(run as Callable, nowhere(actor));
        if (answer !== "forbidden") leaks.push(`${file} ${name} by ${JSON.stringify(actor)}: ${answer}`);
      }
    }
  }
  expect(leaks).toEqual([]);
  expect(functions).toBeGreaterThan(300);
  expect(asked).toBeGreaterThan(8_000);
});
