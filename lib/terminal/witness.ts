import { join } from "node:path";
import { parseArgs } from "node:util";
import { wholeNumber } from "./whole-number";
import { startWitness } from "./witness-process";

const DEFAULT_PORT = 3003;

/**
 * `npm run witness -- --log VKEY… [--name NAME] [--dir FOLDER] [--host ADDRESS] [--port N] [--json]`: a witness of one or more
 * logs, with a key and a memory of its own, until Ctrl-C. It belongs on another machine than the log.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      log: { type: "string", multiple: true, default: [] },
      name: { type: "string", default: "witness.contraste.local" },
      dir: { type: "string", default: join(".data", "witness") },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: String(DEFAULT_PORT) },
      json: { type: "boolean", default: false },
    },
  });
  if (values.log.length === 0)
    throw new Error("Say which log to watch: --log VKEY, as Compliance → Integrity shows it.");
  const port = wholeNumber("port", values.port, { min: 0, max: 65_535 });
  const { name, dir, host } = values;
  const say = (line: string, isAlarm: boolean) => {
    const text = `${new Date().toISOString()} ${line}`;
    if (isAlarm) console.error(text);
    else if (!values.json) console.log(text);
  };
  const witness = await startWitness({ name, logs: values.log, dir, host, port, say });
  const { url, verifierKey } = witness;
  if (values.json) console.log(JSON.stringify({ url, verifierKey }));
  else console.log(`WITNESS_URLS=${url}\nWITNESS_KEYS=${verifierKey}\nCtrl-C stops.`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void witness.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const reason = error instanceof Error ? error.message : String(error);
  console.error(isTaken ? "The port is taken. Choose another with --port N, or --port 0 for any free one." : reason);
  process.exitCode = 1;
});
