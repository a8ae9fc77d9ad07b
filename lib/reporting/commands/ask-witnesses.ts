import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { askWitness, type WitnessAddress, type WitnessReply } from "@/lib/ledger/ask-witness";
import { lastSights, storeCosignature } from "@/lib/ledger/cosignatures";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";

/** How long witnesses may be away before people are told; a refusal is told at once. */
const PATIENCE_MS = 10 * 60_000;

export interface Witnesses {
  addresses: readonly WitnessAddress[];
  /** How many of them must have seen the newest checkpoint. */
  quorum: number;
}

/**
 * Shows the newest checkpoint to every witness that has not cosigned it, and keeps what they answer. A refusal, or too few
 * witnesses for longer than ten minutes, is told to the officers and written into the log, once each time it begins.
 */
export async function askWitnesses(ctx: Context, { addresses, quorum }: Witnesses): Promise<void> {
  authorize(ctx, "job.run");
  const checkpoint = await latestCheckpoint(ctx.db);
  if (!checkpoint || addresses.length === 0) return;
  const sights = new Map((await lastSights(ctx.db)).map((sight) => [sight.verifierKey, sight]));
  let seenBy = 0;
  for (const witness of addresses) {
    const knownSize = sights.get(witness.verifierKey)?.size ?? 0;
    if (knownSize === checkpoint.size) {
      seenBy += 1;
      continue;
    }
    const reply = await askWitness(ctx.db, witness, { checkpoint, knownSize });
    if (reply.kind === "cosigned") {
      seenBy += 1;
      const { verifierKey } = witness;
      await storeCosignature(ctx.db, { size: checkpoint.size, verifierKey, ...reply });
    }
    await tellOf(ctx, nameOf(witness), reply);
  }
  const isLate = Date.now() - checkpoint.signedAt.getTime() > PATIENCE_MS;
  if (seenBy >= quorum) await resolveNotice(ctx, "witness_missing");
  else if (isLate)
    await tell(ctx, { kind: "witness_missing", key: "witness_missing", params: { seen: seenBy, quorum } });
}

const nameOf = ({ verifierKey }: WitnessAddress) => verifierKey.slice(0, verifierKey.indexOf("+"));

async function tellOf(ctx: Context, name: string, reply: WitnessReply): Promise<void> {
  const key = `witness_refused ${name}`;
  if (reply.kind === "cosigned") return resolveNotice(ctx, key);
  log.warn("ledger.witness_failed", { witness: name, kind: reply.kind, reason: reply.reason });
  if (reply.kind === "refused") await tell(ctx, { kind: "witness_refused", key, params: { name } });
}

type Trouble = { kind: "witness_refused" | "witness_missing"; key: string; params: Record<string, string | number> };

/** The entry is written when the trouble begins, not every time that it is met: a log that cannot be witnessed must not grow by that. */
async function tell(ctx: Context, trouble: Trouble): Promise<void> {
  await transaction(ctx, async (tx) => {
    const isNew = await raiseNotice(tx, trouble);
    if (isNew) await audit(tx, "witness.failed", { ...trouble.params, kind: trouble.kind });
  });
}
