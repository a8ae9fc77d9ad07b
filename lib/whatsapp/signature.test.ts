import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
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
