import { createHash, createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as z from "zod";
import { newSigningKey } from "@/lib/foundation/secrets";
import { noteCosigner } from "@/lib/ledger/note";
import { writeState } from "@/lib/ledger/sign-checkpoint";
import { decodeBase64, encodeBase64, readKey } from "@/lib/ledger/verifier";
import { addCheckpoint, type Sight, type WitnessAnswer, type WitnessMemory } from "@/lib/ledger/witness";

const MAX_BODY_BYTES = 64 * 1024;

export interface WitnessOptions {
  /** Like a host name: it stands in every cosignature. */
  name: string;
  /** Verifier keys of the logs to watch. */
  logs: readonly string[];
  /** Key and memory; a folder that the log's operator cannot write to. */
  dir: string;
  host: string;
  /** 0: any free port. */
  port: number;
  /** One line about what happened; `isAlarm` when a log showed a second history. */
  say(line: string, isAlarm: boolean): void;
}

export interface RunningWitness {
  url: string;
  verifierKey: string;
  close(): Promise<void>;
}

/** Starts a witness (C2SP tlog-witness). @throws Error for a malformed log key or a name that is none */
export async function startWitness({ name, logs, dir, host, port, say }: WitnessOptions): Promise<RunningWitness> {
  const keys = logs.map((text) => {
    const key = readKey(text);
    if (key?.kind !== "log") throw new Error(`"${text}" is not the verifier key of a log (name+hash+key).`);
    return key;
  });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const cosigner = noteCosigner(name, createPrivateKey(readOrMakeKey(join(dir, "witness-key.pem"))));
  const settings = { logs: keys, cosigner, memory: memoryIn(dir), now: () => new Date() };
  let last: Promise<unknown> = Promise.resolve(); // one after the other: each answer rests on the memory of the one before
  const answer = (body: Buffer): Promise<WitnessAnswer> => {
    const next = last.then(() => addCheckpoint(body, settings));
    last = next.catch(() => undefined);
    return next;
  };
  const server = createServer(async (request, response) => {
    if (request.method !== "POST" || request.url !== "/add-checkpoint") return void response.writeHead(404).end();
    try {
      const body = await bodyOf(request);
      if (!body) return void response.writeHead(413).end();
      const { status, type, body: text, alarm } = await answer(body);
      if (alarm) say(`ALARM ${alarm}. Not signed.`, true);
      else if (status === 200) say("cosigned", false);
      response.writeHead(status, { "content-type": type }).end(text);
    } catch (error) {
      say(`failed: ${error instanceof Error ? error.message : "unknown"}`, false);
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://${host}:${address.port}`,
    verifierKey: cosigner.verifierKey,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function readOrMakeKey(path: string): string {
  try {
    writeFileSync(path, `${newSigningKey()}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(path, "utf8");
}

const Remembered = z.object({ origin: z.string(), size: z.int().min(1), root: z.string() });

/** A file per log, written beside and renamed. One that was altered stops the witness from signing for that log. */
function memoryIn(dir: string): WitnessMemory {
  const pathOf = (origin: string) =>
    join(dir, `${createHash("sha256").update(origin).digest("hex").slice(0, 32)}.json`);
  return {
    async read(origin): Promise<Sight | undefined> {
      const text = await readFile(pathOf(origin), "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const { size, root, ...found } = Remembered.parse(JSON.parse(text));
      const bytes = decodeBase64(root);
      if (found.origin !== origin || bytes?.length !== 32) throw new Error(`${pathOf(origin)} was altered`);
      return { size, root: bytes };
    },
    write: (origin, { size, root }) =>
      writeState(pathOf(origin), `${JSON.stringify({ origin, size, root: encodeBase64(root) })}\n`),
  };
}
