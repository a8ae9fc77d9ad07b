import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "../../ports";
import { npmRun, type RunningCommand, startCommand } from "../running-command";
import type { Case } from "../stage";

const START_LIMIT_MS = 180_000;
const ANSWER_LIMIT_MS = 60_000;
/** Ctrl-C takes at most 5 s; a busy machine gets three times that. */
const STOP_LIMIT_MS = 15_000;

/** Starting, stopping, and refusing to start. */
export function productCases(folder: string): readonly Case[] {
  return [
    {
      name: "npm start: serves the sign-in page, keeps a second instance away, and Ctrl-C leaves no process",
      run: () => startsAndStops(folder),
    },
    { name: "npm start: what an interrupted instance left is good for the next start", run: () => startsAgain(folder) },
    { name: "npm run dev: starts, and Ctrl-C leaves no process", run: () => devStartsAndStops(folder) },
    { name: "npm start: a taken port is one sentence", run: () => portTaken(folder) },
    { name: "npm start: all malformed values are named at once", run: () => malformedValues(folder) },
    { name: "npm start: a database that does not answer is one sentence", run: () => unreachable(folder) },
    {
      name: "npm run sandbox: answers the Cloud API with its own token, shows the phones of a world file, Ctrl-C stops it",
      run: sandboxAnswers,
    },
  ];
}

async function ports(): Promise<Record<string, string>> {
  return {
    CONSOLE_PORT: String(await freePort()),
    INGRESS_PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
  };
}

async function whileRunning(command: RunningCommand, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    const { ms, left } = await command.interrupt(STOP_LIMIT_MS);
    assert.deepEqual(left, [], "processes left after Ctrl-C");
    assert.ok(ms < STOP_LIMIT_MS, `Ctrl-C took ${Math.round(ms)} ms`);
  } finally {
    command.kill();
  }
}

async function startsAndStops(folder: string): Promise<void> {
  const env = { DATA_DIR: join(folder, "product"), ...(await ports()) };
  const product = startCommand("start", [], env);
  await whileRunning(product, async () => {
    const [, address = ""] = await product.line(/console: (http\S+)/, START_LIMIT_MS);
    await product.line(/sign in as \S+ with \S+/, ANSWER_LIMIT_MS);
    const page = await answerOf(`${address}/sign-in`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<form/);
    const second = await npmRun("start", [], { env: { ...env, ...(await ports()) }, limitMs: START_LIMIT_MS });
    assert.equal(second.code, 1);
    assert.match(second.output, /in use by another instance/);
  });
}

async function startsAgain(folder: string): Promise<void> {
  const product = startCommand("start", [], { DATA_DIR: join(folder, "product"), ...(await ports()) });
  await whileRunning(product, async () => {
    await product.line(/console: http/, START_LIMIT_MS);
  });
}

async function devStartsAndStops(folder: string): Promise<void> {
  const product = startCommand("dev", [], { DATA_DIR: join(folder, "dev"), ...(await ports()) });
  await whileRunning(product, async () => {
    await product.line(/console: http/, START_LIMIT_MS);
  });
}

async function portTaken(folder: string): Promise<void> {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const env = { DATA_DIR: join(folder, "refused"), ...(await ports()), CONSOLE_PORT: port };
  const { code, output } = await npmRun("start", [], { env, limitMs: ANSWER_LIMIT_MS });
  other.close();
  assert.equal(code, 1);
  assert.match(output, new RegExp(`Port ${port} is taken .*CONSOLE_PORT`));
  assert.doesNotMatch(output, /^ +at /m, "a stack instead of a sentence");
}

async function malformedValues(folder: string): Promise<void> {
  const env = {
    DATA_DIR: join(folder, "refused"),
    CONSOLE_PORT: "many",
    DATABASE_URL: "nowhere",
    INSTANCE_MODE: "demo",
  };
  const { code, output } = await npmRun("start", [], { env, limitMs: ANSWER_LIMIT_MS });
  assert.equal(code, 1);
  for (const name of ["CONSOLE_PORT", "DATABASE_URL", "INSTANCE_MODE"]) assert.match(output, new RegExp(name));
  assert.doesNotMatch(output, /^ +at /m, "a stack instead of sentences");
}

async function unreachable(folder: string): Promise<void> {
  const url = `postgresql://nobody:secret@127.0.0.1:${await freePort()}/contraste`;
  const env = { DATA_DIR: join(folder, "refused"), ...(await ports()), DATABASE_URL: url };
  const { code, output } = await npmRun("start", [], { env, limitMs: ANSWER_LIMIT_MS });
  assert.equal(code, 1);
  assert.match(output, /No PostgreSQL answers at 127\.0\.0\.1:\d+ .*DATABASE_URL/);
  assert.doesNotMatch(output, /secret|^ +at /m);
}

async function sandboxAnswers(): Promise<void> {
  const world = join("lib", "whatsapp", "sandbox", "example-world.json");
  const sandbox = startCommand("sandbox", ["--port", "0", "--seed", "7", "--world", world, "--json"], {});
  await whileRunning(sandbox, async () => {
    const [text] = await sandbox.line(/^\{.*\}$/, ANSWER_LIMIT_MS);
    const { baseUrl, token, phoneNumberId } = JSON.parse(text);
    const number = await fetch(`${baseUrl}/v25.0/${phoneNumberId}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(number.status, 200);
    assert.equal((await fetch(`${baseUrl}/v25.0/${phoneNumberId}`)).status, 401);
    assert.match(await (await fetch(`${baseUrl}/sandbox/phones?lang=es&q=vip`)).text(), /Lucía/);
  });
}

/** The console takes connections a moment after it was started. */
async function answerOf(url: string): Promise<Response> {
  const end = performance.now() + ANSWER_LIMIT_MS;
  for (;;) {
    try {
      return await fetch(url);
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
