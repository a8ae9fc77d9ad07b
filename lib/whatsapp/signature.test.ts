import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { signBody, verifySignature } from "./signature";

interface Vectors {
  secret: string;
  cases: { id: string; bodyBase64: string; header: string | null; valid: boolean }[];
}
const vectors: Vectors = JSON.parse(readFileSync(new URL("vectors/webhook-signature.json", import.meta.url), "utf8"));

test.each(vectors.cases)("only the exact bytes that were signed verify: $id", ({ bodyBase64, header, valid }) => {
  expect(verifySignature(Buffer.from(bodyBase64, "base64"), header, vectors.secret)).toBe(valid);
});

test("a body signed with another secret does not verify", () => {
  expect(verifySignature("{}", signBody("{}", "other"), vectors.secret)).toBe(false);
  expect(verifySignature("{}", signBody("{}", vectors.secret), vectors.secret)).toBe(true);
});

test("what was signed verifies, and one flipped bit of the body, the header or the secret does not", async () => {
  const body = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const secrets = fc.string({ minLength: 1, maxLength: 40 });
  await holds(
    "signature",
    fc.property(body, secrets, fc.nat(), (bytes, secret, bit) => {
      const header = signBody(bytes, secret);
      expect(verifySignature(bytes, header, secret)).toBe(true);
      expect(verifySignature(flipped(bytes, bit), header, secret)).toBe(false);
      expect(verifySignature(bytes, flipped(Buffer.from(header), bit).toString("latin1"), secret)).toBe(false);
      expect(verifySignature(bytes, header, flipped(Buffer.from(secret), bit & ~7).toString("latin1"))).toBe(false);
    }),
    { runs: 500, long: 10_000 },
  );
});

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = (bit >> 3) % changed.length;
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit & 7)), at);
  return changed;
}
