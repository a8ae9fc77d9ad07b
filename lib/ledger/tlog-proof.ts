import { canonicalJson, encodeBase64, type Json, utf8 } from "./verifier";

// A proof as one text file, `.tlog-proof` (C2SP tlog-proof@v1): whoever has a client of that format checks it with that.

export interface TlogProof {
  index: number;
  /** Hashes in base64. */
  proof: readonly string[];
  /** The signed note of the checkpoint that the proof leads to. */
  checkpoint: string;
  /** What opens the commitment of the leaf, where its key still exists; salt in base64. */
  opening?: { payload: Json; salt: string } | undefined;
}

/** The text of a `.tlog-proof` file. `extra` is base64 of the canonical JSON `{payload, salt}`. */
export function writeTlogProof({ index, proof, checkpoint, opening }: TlogProof): string {
  const lines = ["c2sp.org/tlog-proof@v1"];
  if (opening) {
    const { payload, salt } = opening;
    lines.push(`extra ${encodeBase64(utf8(canonicalJson({ payload, salt })))}`);
  }
  lines.push(`index ${index}`, ...proof, "", checkpoint);
  return lines.join("\n");
}
