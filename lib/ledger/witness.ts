import type { Cosigner } from "./note";
import {
  type Checkpoint,
  decodeBase64,
  equalBytes,
  isConsistent,
  type NoteKey,
  openNote,
  readCheckpoint,
  readUtf8,
  utf8,
} from "./verifier";

// The other side of C2SP tlog-witness: somebody else than the log remembers how far the log was, and signs that it only grew.

/** What a witness remembers of a log. */
export type Sight = Pick<Checkpoint, "size" | "root">;

export interface WitnessMemory {
  read(origin: string): Promise<Sight | undefined>;
  /** Must be durable when it answers: a witness that forgets can be shown two histories. */
  write(origin: string, sight: Sight): Promise<void>;
}

export interface WitnessSettings {
  /** Keys of the logs that it watches; a key's name is the log's origin. */
  logs: readonly NoteKey[];
  cosigner: Cosigner;
  memory: WitnessMemory;
  now(): Date;
}

/** `alarm`: in words, when a log showed a second history. Everything else is a misunderstanding that can be cleared up. */
export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422;
  type: "text/plain; charset=utf-8" | "text/x.tlog.size";
  body: string;
  alarm?: string;
}

/**
 * Answers `POST /add-checkpoint`: its body is `old <size>`, a consistency proof (a hash in base64 a line), an empty line and
 * the signed checkpoint. Calls about one log must come one after the other.
 */
export async function addCheckpoint(body: Uint8Array, settings: WitnessSettings): Promise<WitnessAnswer> {
  const request = readRequest(body);
  if (!request) return say(400, "the body is no add-checkpoint request");
  const { old, proof, note } = request;
  const origin = note.slice(0, note.indexOf("\n"));
  const keys = settings.logs.filter(({ name }) => name === origin);
  if (keys.length === 0) return say(404, `this witness does not watch the log ${origin}`);
  const opened = await openNote(utf8(note), keys);
  if (opened.kind !== "verified") return say(403, `no signature of the log holds (${opened.kind})`);
  const checkpoint = readCheckpoint(opened.text);
  if (!checkpoint || checkpoint.size < 1 || old > checkpoint.size) return say(400, "the sizes make no sense");
  const seen = await settings.memory.read(origin);
  if (old !== (seen?.size ?? 0)) return { status: 409, type: "text/x.tlog.size", body: `${seen?.size ?? 0}\n` };
  const refusal = refusalOf(seen, checkpoint, proof);
  if (refusal) return refusal;
  await settings.memory.write(origin, { size: checkpoint.size, root: checkpoint.root });
  return say(200, settings.cosigner.cosignatureLine(opened.text, settings.now()));
}

function refusalOf(seen: Sight | undefined, now: Checkpoint, proof: readonly Uint8Array[]): WitnessAnswer | undefined {
  if (!seen) return proof.length === 0 ? undefined : say(422, "a first checkpoint needs no proof");
  const claim = { size1: seen.size, root1: seen.root, size2: now.size, root2: now.root, proof };
  if (isConsistent(claim)) return undefined;
  const sizes = `${now.origin}: its checkpoint of ${now.size} entries is no continuation of the ${seen.size} that were seen`;
  if (seen.size === now.size && !equalBytes(seen.root, now.root)) {
    const answer = { status: 409, type: "text/x.tlog.size", body: `${seen.size}\n` } as const;
    return { ...answer, alarm: `${now.origin}: two different logs of ${now.size} entries were signed` };
  }
  return { ...say(422, "the proof does not show that the log only grew"), alarm: sizes };
}

function say(status: WitnessAnswer["status"], text: string): WitnessAnswer {
  return { status, type: "text/plain; charset=utf-8", body: text.endsWith("\n") ? text : `${text}\n` };
}

interface WitnessRequest {
  old: number;
  proof: Uint8Array[];
  note: string;
}

function readRequest(body: Uint8Array): WitnessRequest | undefined {
  const text = readUtf8(body);
  const gap = text?.indexOf("\n\n") ?? -1;
  if (text === undefined || gap < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, gap).split("\n");
  const [, old] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  const proof = lines.map(decodeBase64).filter((hash) => hash !== undefined);
  if (old === undefined || proof.length < lines.length || lines.length > 63) return undefined;
  return { old: Number(old), proof, note: text.slice(gap + 2) };
}
