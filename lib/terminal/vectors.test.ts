import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { vectorKinds } from "./vector-kinds";

// Copies of the vectors of the product's compliance specification; each file names its own source.
const copies = [
  "lib/consent/vectors/consent-reducer.json",
  "lib/consent/vectors/optout-messages.json",
  "lib/ledger/vectors/merkle-rfc6962.json",
  "lib/ledger/vectors/jcs-rfc8785.json",
  "lib/ledger/vectors/signed-note.json",
  "lib/ledger/vectors/tlog-tiles.json",
  "lib/ledger/vectors/ed25519-wycheproof.json",
  "lib/identity/vectors/totp-rfc6238.json",
  "lib/foundation/vectors/ssrf.json",
];

describe("every published case holds", () => {
  test.each(copies)("%s", async (path) => {
    const kind = /([^/]+)\.json$/.exec(path)?.[1] ?? "";
    const results = (await vectorKinds[kind]?.(JSON.parse(readFileSync(path, "utf8")))) ?? [];
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ expected, found }) => expected !== found)).toEqual([]);
  });

  test("a file of another shape is refused, not passed", async () => {
    for (const run of Object.values(vectorKinds)) await expect((async () => run({}))()).rejects.toThrow();
  });
});
