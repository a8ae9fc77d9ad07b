import { parseArgs } from "node:util";
import { startSandbox } from "@/lib/whatsapp/sandbox/server";

const DEFAULT_PORT = 3002;

/** `npm run sandbox -- [--port N] [--seed N] [--json]`: the Cloud API sandbox alone, until Ctrl-C. */
async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const port = wholeNumber("port", values.port, 65_535);
  const seed = wholeNumber("seed", values.seed, Number.MAX_SAFE_INTEGER);
  const sandbox = await startSandbox({ port, seed });
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
    console.log("Virtual recipients answer any number. Ctrl-C stops.");
  }
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
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
