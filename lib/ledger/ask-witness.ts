import type { Db } from "@/db/client";
import { proveConsistency, type SignedCheckpoint } from "./prove";
import { readCosignature, readKey } from "./verifier";

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 16 * 1024;

export interface WitnessAddress {
  /** Below which `/add-checkpoint` lies. */
  url: string;
  /** The witness' key as it gave it to us, `name+hash+base64`. */
  verifierKey: string;
}

/**
 * `refused`: the witness saw a log that this checkpoint does not continue. That is what a witness is for: an alarm.
 * `unreachable`: no answer, or none that makes sense.
 */
export type WitnessReply =
  | { kind: "cosigned"; line: string; cosignedAt: Date }
  | { kind: "refused"; reason: string }
  | { kind: "unreachable"; reason: string };

/**
 * Shows a witness our checkpoint, with the proof that it continues what the witness saw before (`knownSize`, 0 = nothing). A
 * witness that remembers another size is asked once more from there.
 */
export async function askWitness(
  db: Db,
  witness: WitnessAddress,
  { checkpoint, knownSize }: { checkpoint: SignedCheckpoint; knownSize: number },
): Promise<WitnessReply> {
  try {
    const first = await post(db, witness, { checkpoint, old: knownSize });
    if (first.status !== 409) return await replyOf(first, witness, checkpoint);
    const remembered = Number(first.text.trim());
    if (!Number.isSafeInteger(remembered) || remembered < 0)
      return { kind: "unreachable", reason: "no size in its answer" };
    if (remembered > checkpoint.size) return { kind: "refused", reason: `it saw ${remembered} entries, we have fewer` };
    if (remembered === knownSize) return { kind: "refused", reason: `it saw another log of ${remembered} entries` };
    return await replyOf(await post(db, witness, { checkpoint, old: remembered }), witness, checkpoint);
  } catch (error) {
    return { kind: "unreachable", reason: error instanceof Error ? error.name : "no answer" };
  }
}

interface Answer {
  status: number;
  text: string;
}

async function post(
  db: Db,
  { url }: WitnessAddress,
  { checkpoint, old }: { checkpoint: SignedCheckpoint; old: number },
): Promise<Answer> {
  const proof = old === 0 || old === checkpoint.size ? [] : await proveConsistency(db, old, checkpoint.size);
  const lines = [`old ${old}`, ...proof.map((hash) => hash.toString("base64")), "", checkpoint.note];
  const response = await fetch(`${url.replace(/\/+$/, "")}/add-checkpoint`, {
    method: "POST",
    body: lines.join("\n"),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > MAX_ANSWER_BYTES) throw new RangeError("A witness' answer is a few lines");
  return { status: response.status, text: bytes.toString() };
}

async function replyOf({ status, text }: Answer, witness: WitnessAddress, of: SignedCheckpoint): Promise<WitnessReply> {
  if (status === 409 || status === 422) return { kind: "refused", reason: text.trim().slice(0, 200) };
  if (status !== 200) return { kind: "unreachable", reason: `it answered ${status}` };
  const key = readKey(witness.verifierKey);
  const signed = of.note.slice(0, of.note.lastIndexOf("\n\n") + 1);
  for (const line of text.split("\n")) {
    const seconds = key && (await readCosignature(line, signed, key));
    if (seconds !== undefined) return { kind: "cosigned", line: `${line}\n`, cosignedAt: new Date(seconds * 1_000) };
  }
  return { kind: "unreachable", reason: "its signature does not hold" };
}
