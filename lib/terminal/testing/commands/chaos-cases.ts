import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmRun } from "../running-command";
import type { Case } from "../stage";

const CHAOS_LIMIT_MS = 1_200_000;
const VERIFY_LIMIT_MS = 60_000;

/** Kills of the worker, and the proof of a message that was sent all the same. `folder` is a temporary folder. */
export function chaosCases(folder: string, { kills, messages }: { kills: number; messages: number }): readonly Case[] {
  const proof = join(folder, "proof.zip");
  return [
    {
      name: `npm run chaos: ${kills} kills of the worker, nobody written to twice, nobody forgotten`,
      run: async () => {
        const args = ["--kills", String(kills), "--messages", String(messages), "--proof", proof];
        const { code, output } = await npmRun("chaos", args, { env: {}, limitMs: CHAOS_LIMIT_MS });
        assert.equal(code, 0, output);
      },
    },
    { name: "npm run verify: the proof of a message holds, a changed one does not", run: () => proofHolds(proof) },
  ];
}

async function proofHolds(proof: string): Promise<void> {
  const verify = (path: string) => npmRun("verify", [path], { env: {}, limitMs: VERIFY_LIMIT_MS });
  const held = await verify(proof);
  assert.equal(held.code, 0, held.output);
  assert.match(held.output, /^1 send\(s\) with a consent that stood/m);
  const text = readFileSync(proof, "latin1"); // every byte a character
  const changed = text.replace(/"authorisedAt":"2/, '"authorisedAt":"1');
  assert.notEqual(changed, text, "the proof names the moment of the attempt");
  writeFileSync(`${proof}.changed`, changed, "latin1");
  const refused = await verify(`${proof}.changed`);
  assert.equal(refused.code, 1, `a changed proof was believed:\n${refused.output}`);
}
