import { type Attachments, readEvidence } from "@/lib/ledger/evidence-files";
import { isObject, type ProvedRow, readKey, readUtf8, verifyBundle } from "@/lib/ledger/verifier";
import { checkSends, type GroundCounts } from "./sends-proved";

/** What came of checking a bundle. `unreadable`: it is no bundle at all. */
export type EvidenceVerdict = { kind: "unreadable" } | ({ kind: "verdict" } & Findings);

export interface Findings {
  /** Empty: everything holds. Each names what it concerns. */
  failures: string[];
  /** Origin of the log, keys and witnesses as the bundle names them. */
  origin: string;
  keys: string[];
  checkpoints: number;
  /** Entries of the log in the largest checkpoint that holds. */
  size: number;
  entries: number;
  opened: number;
  sealed: number;
  /** Sends whose consent was folded again and stood; by another basis; whose event is not readable here. */
  consented: number;
  grounds: GroundCounts;
  unread: number;
  cosignatures: { witness: string; seconds: number; size: number }[];
}

export interface VerifyOptions {
  /** Verifier keys received on another way than the bundle. Default: those that it names itself. */
  keys?: readonly string[] | undefined;
  /** How many witnesses must have cosigned the newest checkpoint. */
  witnesses?: number;
}

/**
 * Checks everything in a bundle, without database or network: the archive, signatures, cosignatures, inclusion, consistency,
 * commitments, texts that were agreed to, and what every send rests on, folded again from proved events.
 */
export async function verifyEvidence(
  bytes: Uint8Array,
  { keys, witnesses = 0 }: VerifyOptions = {},
): Promise<EvidenceVerdict> {
  const read = readEvidence(bytes);
  if (read.kind === "unreadable") return read;
  if (read.kind === "altered") return { kind: "verdict", ...nothing, failures: read.failures };
  const { bundle, attachments } = read;
  const verdict = await verifyBundle(bundle, keys ?? bundle.keys);
  const sends = checkSends(verdict.proved);
  const newest = verdict.cosignatures.filter(({ size }) => size === verdict.size);
  const seenBy = new Set(newest.filter(({ witness }) => isTrusted(witness, keys ?? bundle.keys)).map(nameOf)).size;
  const quorum = seenBy < witnesses ? [`checkpoint: ${seenBy} of ${witnesses} witnesses cosigned it`] : [];
  const wordings = againstLog(attachments, verdict.proved);
  return {
    kind: "verdict",
    failures: [...read.failures, ...verdict.failures, ...quorum, ...wordings, ...sends.failures],
    origin: bundle.origin,
    keys: [...bundle.keys],
    checkpoints: verdict.checkpoints,
    size: verdict.size,
    entries: verdict.entries,
    opened: verdict.proved.length,
    sealed: verdict.sealed,
    consented: sends.consented,
    grounds: sends.grounds,
    unread: sends.unread,
    cosignatures: verdict.cosignatures,
  };
}

const nothing: Omit<Findings, "failures"> = {
  origin: "",
  keys: [],
  checkpoints: 0,
  size: 0,
  entries: 0,
  opened: 0,
  sealed: 0,
  consented: 0,
  grounds: { service: 0, request: 0, test: 0 },
  unread: 0,
  cosignatures: [],
};

const nameOf = ({ witness }: { witness: string }) => witness;

function isTrusted(witness: string, keys: readonly string[]): boolean {
  return keys.some((key) => key.startsWith(`${witness}+`) && readKey(key)?.kind === "witness");
}

const WORDING_FILE = /^wordings\/([^/]+)\.txt$/;

/** A text that people agreed to must be the one that the log committed to when it was published. */
function againstLog(attachments: Attachments, proved: readonly ProvedRow[]): string[] {
  const published = new Map(wordingsOf(proved));
  return attachments.flatMap(({ path, bytes }) => {
    const id = WORDING_FILE.exec(path)?.[1];
    if (id === undefined || published.get(id) === readUtf8(bytes)) return [];
    return [`${path}: not a text that the log commits to`];
  });
}

/** Id and text of every wording whose publication is proved. */
export function wordingsOf(proved: readonly ProvedRow[]): [string, string][] {
  return proved.flatMap(({ payload }): [string, string][] => {
    const data = isObject(payload) && payload.type === "wording.published" ? payload.data : undefined;
    return isObject(data) && typeof data.id === "string" && typeof data.text === "string" ? [[data.id, data.text]] : [];
  });
}
