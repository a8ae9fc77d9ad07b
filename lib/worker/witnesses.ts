import type { Env } from "@/lib/foundation/env";
import { readKey } from "@/lib/ledger/verifier";
import type { Witnesses } from "@/lib/reporting/commands/ask-witnesses";

/** The witnesses of the environment. @throws Error naming a key that is none */
export function witnessesOf({ WITNESS_URLS, WITNESS_KEYS, WITNESS_QUORUM }: Env): Witnesses {
  const addresses = WITNESS_URLS.map((url, i) => {
    const verifierKey = WITNESS_KEYS[i] ?? "";
    if (readKey(verifierKey)?.kind !== "witness")
      throw new Error(`WITNESS_KEYS: "${verifierKey}" is not the key of a witness`);
    return { url, verifierKey };
  });
  return { addresses, quorum: WITNESS_QUORUM ?? addresses.length };
}
