import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { type RunningSandbox, startSandbox } from "@/lib/whatsapp/sandbox/server";
import { peopleOf, readWorldFile, type WorldFile } from "@/lib/whatsapp/sandbox/world-file";

const DEFAULT_PORT = 3002;
/** Not the account of an installation's own sandbox: one that rehearses connecting a number tells the two apart. */
const ACCOUNT = { wabaId: "900000000000002", phoneNumberId: "800000000000002", displayPhoneNumber: "+1 555-010-0200" };
const PEOPLE_PER_CALL = 50_000;

/** `npm run sandbox -- [--port N] [--seed N] [--world FILE] [--json]`: the Cloud API sandbox alone, until Ctrl-C. */
async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      seed: { type: "string" },
      world: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const port = wholeNumber("port", values.port, 65_535);
  const world = values.world === undefined ? undefined : worldOf(values.world);
  const seed = values.seed === undefined ? world?.seed : wholeNumber("seed", values.seed, Number.MAX_SAFE_INTEGER);
  const sandbox = await startSandbox({ port, seed, account: ACCOUNT, world: world?.settings });
  if (world) await populate(sandbox, world);
  const { url, token, wabaId, phoneNumberId, appId, appSecret } = sandbox;
  if (values.json) {
    console.log(JSON.stringify({ baseUrl: url, token, wabaId, phoneNumberId, appId, appSecret }));
  } else {
    console.log(`Base URL         ${url}`);
    console.log(`Token            ${token}`);
    console.log(`WABA id          ${wabaId}`);
    console.log(`Phone number id  ${phoneNumberId}`);
    console.log(`App id           ${appId}`);
    console.log(`App secret       ${appSecret}`);
    console.log(`Phones           ${url}/sandbox/phones`);
    console.log("Virtual recipients answer any number. Ctrl-C stops.");
  }
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function worldOf(path: string): WorldFile {
  try {
    return readWorldFile(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The clock first: everything else is dated by it. */
async function populate(sandbox: RunningSandbox, world: WorldFile) {
  const control = createSandboxControl(sandbox);
  try {
    if (world.clock) await control.setClock(world.clock);
    const people = peopleOf(world);
    for (let start = 0; start < people.length; start += PEOPLE_PER_CALL) {
      await control.addPeople(people.slice(start, start + PEOPLE_PER_CALL));
    }
    if (world.horizon) await control.openHorizon(world.horizon);
    await control.planFaults(world.faults);
    await control.act(world.acts);
  } finally {
    await control.close();
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number) || number < 0 || number > max) {
    throw new Error(`--${name} must be a whole number from 0 to ${max}, not "${text}".`);
  }
  return number;
}

main().catch((error: unknown) => {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const reason = error instanceof Error ? error.message : String(error);
  console.error(isTaken ? "The port is taken. Choose another with --port N, or --port 0 for any free one." : reason);
  process.exitCode = 1;
});
