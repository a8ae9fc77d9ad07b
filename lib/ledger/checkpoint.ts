import { type NoteSigner, signNote } from "./note";
import { type Checkpoint, encodeBase64 } from "./verifier";

/** The signed note of a checkpoint (C2SP tlog-checkpoint): origin, size and root, a line each, and no other. */
export function writeCheckpoint({ origin, size, root }: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote(`${origin}\n${size}\n${encodeBase64(root)}\n`, signers);
}
