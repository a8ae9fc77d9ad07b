import type { Context } from "@/lib/identity/context";
import { includes } from "@/lib/ledger/verifier";
import { getLogEntry } from "@/lib/reporting/queries/get-log-entry";
import type { MessageProof } from "@/lib/reporting/queries/get-message-proof";

/** `included`: its hash leads to the root that was signed. `waiting`: no signature covers it yet. */
export type Inclusion = "included" | "broken" | "waiting";

/** Follows, now and on the server, the hashes of each place from its entry to the root of the signed head. */
export function verifyPlaces(
  ctx: Context,
  { log, checkpoint }: Pick<MessageProof, "log" | "checkpoint">,
): Promise<Inclusion[]> {
  return Promise.all(
    log.map(async ({ index, inclusion }): Promise<Inclusion> => {
      if (index === null || !checkpoint || index >= checkpoint.size) return "waiting";
      const { leafHash } = await getLogEntry(ctx, { index });
      const claim = {
        index,
        size: checkpoint.size,
        leafHash: Buffer.from(leafHash, "hex"),
        root: Buffer.from(checkpoint.rootHex, "hex"),
        proof: inclusion.map((hash) => Buffer.from(hash, "base64")),
      };
      return includes(claim) ? "included" : "broken";
    }),
  );
}
