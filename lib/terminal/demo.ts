import "./quiet";
import { parseArgs } from "node:util";
import { EnvError, readEnv } from "@/lib/foundation/env";
import { runDemo } from "./demo/run-demo";

/** `npm run demo -- [--exit] [--json] [--contacts N] [--seed N]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      exit: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      contacts: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
    },
  });
  const contacts = wholeNumber("contacts", values.contacts, { min: 200, max: 1_000_000 });
  const seed = wholeNumber("seed", values.seed, { min: 0, max: 1_000_000 });
  const env = { ...readEnv(), SANDBOX_SEED: seed };
  await runDemo({ env, contacts, seed, isJson: values.json, exits: values.exit });
}

function wholeNumber(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < min || value > max) {
    throw new Error(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof EnvError ? message : `The demo ended early. ${message}`);
  process.exit(1);
});
