import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { type Role, roles, systemActor } from "@/lib/identity/actor";
import { grantOf } from "@/lib/identity/authorize";
import { createPerson } from "@/lib/identity/commands/create-person";
import { actingAs } from "@/lib/identity/context";
import { permissionNames } from "@/lib/identity/permissions";
import { openSession } from "./session";

// Every page, action and route of the console as nobody, with a session that has ended, and (pages) with every role that the
// table does not name. That the commands and queries behind them refuse is role-isolation.test.ts.

const jar = vi.hoisted(() => new Map<string, string>());
vi.hoisted(() => {
  process.env.__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS = "true"; // as next.config.ts turns it on in the product
});
vi.mock("next/headers", () => ({
  headers: async () => new Headers({ "x-path": "/campaigns" }),
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
    delete: (name: string) => jar.delete(name),
  }),
}));
vi.mock("react", async (original) => ({ ...(await original<typeof import("react")>()), cache: <F>(work: F) => work }));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined, revalidateTag: () => undefined }));

const t = await testDatabase();
const desk = t.context(systemActor("console"), { db: t.as("console") });
globalThis.contrasteConsole = Promise.resolve({
  contextFor: async (actor) => actingAs(desk, actor),
  clock: { now: () => new Date(), keepFresh: async () => {}, refresh: async () => {} },
  close: async () => {},
  sessionSecret: t.secrets.sessionSecret,
  consoleUrl: "http://127.0.0.1:3000",
  publicBaseUrl: "http://127.0.0.1:3001",
  phonesUrl: undefined,
});
afterAll(async () => {
  globalThis.contrasteConsole = undefined;
  await t.close();
});
beforeEach(() => jar.clear());

const app = join(import.meta.dirname, "..");
const files = readdirSync(app, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
const source = (file: string) => readFileSync(join(app, file), "utf8");
const load = async (file: string): Promise<Record<string, unknown>> => import(join(app, file));

const terminal = actingAs(desk, systemActor("terminal"));
async function signInAs(role: Role): Promise<void> {
  const email = `${role}-${newId()}@example.com`;
  const { password } = await createPerson(terminal, { email, name: role, roles: [role] });
  await openSession({ email, password });
}

/** A session that was ended from elsewhere: its cookie is still there. */
async function signInAndBeThrownOut(): Promise<void> {
  await signInAs("owner");
  await t.db.execute(sql`update auth_sessions set revoked_at = now()`);
}
const nobody = { "without a session": async () => {}, "with a session that has ended": signInAndBeThrownOut };

/** What a page or an action answers: its value, or how Next is told to go elsewhere. */
async function answerOf(run: () => unknown): Promise<string> {
  try {
    const value = await run();
    return typeof value === "object" && value !== null && "code" in value ? String(value.code) : "an answer";
  } catch (error) {
    return error instanceof Error && "digest" in error ? String(error.digest) : `failed: ${error}`;
  }
}

const params = () => ({
  params: Promise.resolve(new Proxy({}, { get: () => "x" })),
  searchParams: Promise.resolve({}),
});

describe("a page of the console", () => {
  const pages = files.filter((file) => file.startsWith("(console)/") && file.endsWith("page.tsx"));

  test.each(Object.entries(nobody))("%s leads to the way in", async (_, begin) => {
    await begin();
    const open: string[] = [];
    for (const file of pages) {
      const page = (await load(file)).default;
      if (typeof page !== "function") throw new Error(`${file} has no page`);
      const answer = await answerOf(() => page(params()));
      if (!answer.startsWith("NEXT_REDIRECT;replace;/sign-in")) open.push(`${file}: ${answer}`);
    }
    expect(pages.length).toBeGreaterThan(40);
    expect(open).toEqual([]);
  });

  test.each(roles)("is refused to the role %s where the table does not name it", async (role) => {
    await signInAs(role);
    const actor = { kind: "user", userId: "", roles: [role], sessionId: null } as const;
    const open: string[] = [];
    for (const file of pages) {
      const asked = /requirePerson\("([\w.]+)"\)/.exec(source(file))?.[1];
      const permission = permissionNames.find((name) => name === asked);
      if (!permission || grantOf(actor, permission) !== undefined) continue;
      const page = (await load(file)).default;
      const answer = await answerOf(() => (typeof page === "function" ? page(params()) : undefined));
      if (!answer.startsWith("NEXT_HTTP_ERROR_FALLBACK;403")) open.push(`${file}: ${answer}`);
    }
    expect(open).toEqual([]);
  });
});

describe("an action", () => {
  /** What one does before there is a session. */
  const before = new Set(["enter", "prove", "leave", "accept", "changePreferences"]);
  const actionFiles = files.filter((file) => /\.tsx?$/.test(file) && source(file).startsWith('"use server"'));

  test.each(Object.entries(nobody))("%s is refused before its input is looked at", async (_, begin) => {
    await begin();
    const open: string[] = [];
    let count = 0;
    for (const file of actionFiles) {
      for (const [name, action] of Object.entries(await load(file))) {
        if (typeof action !== "function" || before.has(name)) continue;
        count++;
        const answer = await answerOf(() => action({}, new FormData()));
        if (answer !== "session_expired") open.push(`${file} ${name}: ${answer}`);
      }
    }
    expect(count).toBeGreaterThan(60);
    expect(open).toEqual([]);
  });
});

describe("a route", () => {
  const routes = files.filter((file) => /^api\/(?!auth\/).*route\.ts$/.test(file)); // next-auth's own are the way in;

  test.each(Object.entries(nobody))("%s answers 401", async (_, begin) => {
    await begin();
    const open: string[] = [];
    for (const file of routes) {
      for (const [method, handler] of Object.entries(await load(file))) {
        if (typeof handler !== "function") continue;
        const request = new Request("http://127.0.0.1:3000/api/x", {
          method,
          headers: { "sec-fetch-site": "same-origin", "idempotency-key": "x" },
        });
        const response: unknown = await handler(request, params());
        const status = response instanceof Response ? response.status : "no response";
        if (status !== 401) open.push(`${file} ${method}: ${status}`);
      }
    }
    expect(routes.length).toBeGreaterThan(10);
    expect(open).toEqual([]);
  });
});
